using System.Globalization;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>A volume on one host.</summary>
public sealed record DockerVolume(string Name, string Driver, DateTimeOffset Created, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Where the engine says that its content is; the embedded host keeps none.</summary>
    public string Mountpoint => $"/var/lib/docker/volumes/{Name}/_data";

    internal JsonObject ToJson() => new()
    {
        ["CreatedAt"] = Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["Driver"] = Driver,
        ["Labels"] = Labels.Count == 0 ? null : Json.Map(Labels),
        ["Mountpoint"] = Mountpoint,
        ["Name"] = Name,
        ["Options"] = null,
        ["Scope"] = "local",
    };
}
