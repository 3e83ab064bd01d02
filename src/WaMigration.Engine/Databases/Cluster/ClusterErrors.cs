namespace WaMigration.Databases.Cluster;

/// <summary>What can go wrong with a cluster's table.</summary>
internal static class ClusterErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.Cluster.ClusterErrors");

    internal static readonly WaErrorKind ClusterStoreMissing = new("ClusterStoreMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind ClusterTablesNotKnown = new("ClusterTablesNotKnown", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind ClusterInUse = new("ClusterInUse", WaErrorCategory.ResourceBusy, Text);
    internal static readonly WaErrorKind ClusterChanged = new("ClusterChanged", WaErrorCategory.ResourceBusy, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
