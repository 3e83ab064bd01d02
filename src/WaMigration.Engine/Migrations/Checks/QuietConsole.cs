namespace WaMigration.Migrations.Checks;

/// <summary>Keeps what is said by something that is tried as a check: only its warnings matter, as part of the finding.</summary>
internal sealed class QuietConsole : IOperationConsole
{
    private readonly List<string> warnings = [];

    /// <summary>What was warned of.</summary>
    internal IReadOnlyList<string> Warnings => warnings;

    public void Progress(WaProgress progress)
    {
        // The check itself says where it stands.
    }

    public void Verbose(string text)
    {
        // Detail of what is only tried.
    }

    public void Warning(string text)
    {
        lock (warnings)
        {
            warnings.Add(text);
        }
    }

    public void WhatIf(string target, string action)
    {
        // The plan of the copy itself tells it, in its step.
    }
}
