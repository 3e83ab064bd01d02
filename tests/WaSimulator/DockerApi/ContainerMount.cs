using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>A volume or host folder inside a container.</summary>
/// <param name="Type">volume, bind or tmpfs.</param>
/// <param name="Name">The volume's name; empty for a host folder.</param>
/// <param name="Source">The host folder.</param>
/// <param name="Destination">The path in the container.</param>
/// <param name="ReadOnly">True when the container may not write.</param>
/// <param name="Anonymous">True for a volume that the container made for itself: removed with it on <c>v=1</c>.</param>
internal sealed record ContainerMount(string Type, string Name, string Source, string Destination, bool ReadOnly, bool Anonymous)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["Type"] = Type };
        if (Type == "volume")
        {
            json["Name"] = Name;
        }

        json["Source"] = Source;
        json["Destination"] = Destination;
        if (Type == "volume")
        {
            json["Driver"] = "local";
        }

        json["Mode"] = ReadOnly ? "ro" : Type == "volume" ? "z" : "";
        json["RW"] = !ReadOnly;
        json["Propagation"] = Type == "bind" ? "rprivate" : "";
        return json;
    }
}
