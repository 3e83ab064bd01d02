namespace WaMigration;

/// <summary>Where a migration stands.</summary>
public enum WaMigrationState
{
    /// <summary>Nothing was done yet.</summary>
    Planned,

    /// <summary>A run is under way.</summary>
    Running,

    /// <summary>A step failed.</summary>
    Failed,

    /// <summary>The run ended before its last step: killed, stopped, or the machine went down.</summary>
    Interrupted,

    /// <summary>The run ended before a step, as -PauseBefore asked.</summary>
    Paused,

    /// <summary>This side's part is done; the other company goes on.</summary>
    AwaitingHandOver,

    /// <summary>All steps are done; the old databases are kept until their date.</summary>
    AwaitingRetention,

    /// <summary>It is being undone, or was begun to be; that can only be ended.</summary>
    Undoing,

    /// <summary>It was undone: the old client serves again.</summary>
    Undone,
}
