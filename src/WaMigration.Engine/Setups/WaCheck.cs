namespace WaMigration;

/// <summary>How a check ended.</summary>
public enum WaCheckStatus
{
    /// <summary>As it must be.</summary>
    Passed,

    /// <summary>May be meant; a person decides.</summary>
    Warning,

    /// <summary>Would lose data or fail later.</summary>
    Failed,

    /// <summary>Could not be read. Never counts as passed.</summary>
    Unknown,
}

/// <summary>When a check is made: before anything, with the new side up, right before the old client goes, and after.</summary>
public enum WaCheckPhase
{
    /// <summary>Before step 1.</summary>
    Plan,

    /// <summary>The new side is up and unregistered.</summary>
    Ready,

    /// <summary>Before the old client is removed.</summary>
    CutOver,

    /// <summary>After it was removed: it is proved stopped.</summary>
    Stopped,

    /// <summary>At the end: the new side serves, and its test message was delivered.</summary>
    Served,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Phase">When.</param>
/// <param name="Name">Stable name, e.g. <c>Shards</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Remedy">What to do about it; empty when passed.</param>
public sealed record WaCheck(WaCheckPhase Phase, string Name, WaCheckStatus Status, string Detail, string Remedy = "");
