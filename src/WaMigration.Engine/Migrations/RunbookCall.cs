namespace WaMigration.Migrations;

/// <summary>How a parameter of a runbook was given, as far as it may be kept.</summary>
internal enum RunbookArgumentKind
{
    /// <summary>A plain value.</summary>
    Text,

    /// <summary>A switch or a boolean.</summary>
    Switch,

    /// <summary>A secret: only that it was given.</summary>
    Secret,

    /// <summary>The old setup.</summary>
    Source,

    /// <summary>The new setup.</summary>
    Destination,

    /// <summary>A script block, kept as its text.</summary>
    Script,

    /// <summary>Text that PowerShell reads as it is.</summary>
    Expression,
}

/// <summary>One parameter of the call.</summary>
internal sealed record RunbookArgument(string Name, RunbookArgumentKind Kind, string? Value = null);

/// <summary>The call of the runbook that runs the migration, without secrets; the command to continue is made of it.</summary>
internal sealed record RunbookCall(string Path, IReadOnlyList<RunbookArgument> Arguments);
