namespace WaMigration;

/// <summary>Where one step of a migration stands.</summary>
public enum WaStepState
{
    /// <summary>Not begun.</summary>
    NotStarted,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Begun, and its run ended before it did. It is repeated.</summary>
    Interrupted,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Not needed, or done by the other side; the reason says which.</summary>
    Skipped,

    /// <summary>Ended in an error. It is repeated.</summary>
    Failed,
}
