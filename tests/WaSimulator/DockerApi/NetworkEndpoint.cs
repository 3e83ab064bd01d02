using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>How a container is attached to a network.</summary>
/// <param name="Aliases">Extra names on that network, as compose gives them for a service.</param>
/// <param name="Links">Names for other containers.</param>
internal sealed record NetworkEndpoint(IReadOnlyList<string> Aliases, IReadOnlyList<ContainerLink> Links)
{
    public string EndpointId { get; } = DockerIds.Random();

    /// <summary>Reads <c>EndpointsConfig</c> entries and connect requests; the engine adds the short id itself.</summary>
    public static NetworkEndpoint Read(JsonNode? settings, IEnumerable<ContainerLink> links) => new(
        Json.Texts(settings, "Aliases"),
        [.. Json.Texts(settings, "Links").Select(ParseLink), .. links]);

    /// <summary><c>name:alias</c>, or a name alone.</summary>
    public static ContainerLink ParseLink(string text)
    {
        var parts = text.Split(':', 2);
        var target = parts[0].TrimStart('/');
        return new ContainerLink(target, parts.Length == 2 ? parts[1] : target);
    }
}
