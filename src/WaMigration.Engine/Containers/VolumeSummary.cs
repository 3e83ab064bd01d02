namespace WaMigration.Containers;

/// <summary>A volume of a Docker host. Its driver's options tell a share of the network, which several hosts may have.</summary>
internal sealed record VolumeSummary(string Name, string Driver, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Options);
