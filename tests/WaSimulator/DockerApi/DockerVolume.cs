using System.Globalization;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>A volume on one host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">local, always.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Options">The driver's options; a share of the network is told by them.</param>
/// <param name="Folder">Where its content really is, on this machine.</param>
public sealed record DockerVolume(
    string Name, string Driver, DateTimeOffset Created, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Options, string Folder)
{
    /// <summary>Where the engine says that its content is.</summary>
    public string Mountpoint => $"/var/lib/docker/volumes/{Name}/_data";

    internal JsonObject ToJson() => new()
    {
        ["CreatedAt"] = Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["Driver"] = Driver,
        ["Labels"] = Labels.Count == 0 ? null : Json.Map(Labels),
        ["Mountpoint"] = Mountpoint,
        ["Name"] = Name,
        ["Options"] = Options.Count == 0 ? null : Json.Map(Options),
        ["Scope"] = "local",
    };
}
