namespace WaMigration.Tests.Shell;

/// <summary>How a run of the shell ended.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of the output that say something.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
