namespace WaMigration.Shell;

/// <summary>How a line is edited.</summary>
internal sealed record LineEditorOptions
{
    /// <summary>What stands before the line; already shown.</summary>
    public string Prompt { get; init; } = string.Empty;

    /// <summary>Whether asterisks are shown instead of the text.</summary>
    public bool Masked { get; init; }

    /// <summary>Earlier lines, the last one last.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>What the text at a cursor could be completed to.</summary>
    public Func<string, int, Completions?>? Complete { get; init; }
}
