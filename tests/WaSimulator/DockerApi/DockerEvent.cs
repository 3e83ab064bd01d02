using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>Something that happened on a host.</summary>
/// <param name="Time">When.</param>
/// <param name="Type">container, image, network or volume.</param>
/// <param name="Action">create, start, die, stop, kill, destroy, …</param>
/// <param name="Id">The thing's id or name.</param>
/// <param name="Attributes">More about it: name, image, exitCode.</param>
public sealed record DockerEvent(
    DateTimeOffset Time, string Type, string Action, string Id, IReadOnlyDictionary<string, string> Attributes)
{
    internal JsonObject ToJson()
    {
        var attributes = Json.Map(Attributes);
        var ticks = (Time - DateTimeOffset.UnixEpoch).Ticks;
        var json = new JsonObject
        {
            ["Type"] = Type,
            ["Action"] = Action,
            ["Actor"] = new JsonObject { ["ID"] = Id, ["Attributes"] = attributes },
            ["scope"] = "local",
            ["time"] = Time.ToUnixTimeSeconds(),
            ["timeNano"] = ticks * 100,
        };
        if (Type == "container")
        {
            json["status"] = Action;
            json["id"] = Id;
            json["from"] = Attributes.GetValueOrDefault("image") ?? "";
        }

        return json;
    }
}
