namespace WaMigration.Databases.Copying;

/// <summary>One database on its way from a source to a target.</summary>
internal sealed class DatabasePair(ICopySource source, string targetName) : IDisposable
{
    internal ICopySource Source { get; } = source;

    internal DatabaseModel Model => Source.Model;

    internal string TargetName { get; } = targetName;

    /// <summary>Null until it is there.</summary>
    internal ICopyTarget? Target { get; set; }

    /// <summary>The target has to be made first.</summary>
    internal bool IsNew { get; set; }

    /// <summary>The target has data, which is brought up to date.</summary>
    internal bool IsUpdate { get; set; }

    /// <summary>An earlier run is continued.</summary>
    internal bool IsResumed { get; set; }

    public void Dispose()
    {
        Source.Dispose();
        Target?.Dispose();
    }
}
