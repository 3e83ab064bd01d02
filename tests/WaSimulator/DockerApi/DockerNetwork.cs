using System.Globalization;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>A network on one host.</summary>
internal sealed record DockerNetwork(string Id, string Name, string Driver, DateTimeOffset Created, JsonObject Request, int Number)
{
    /// <summary>Addresses are for show: nodes of the embedded host live on loopback.</summary>
    public string Gateway => string.Create(CultureInfo.InvariantCulture, $"172.{17 + Number}.0.1");

    public string Subnet => string.Create(CultureInfo.InvariantCulture, $"172.{17 + Number}.0.0/16");

    public string AddressOf(EmbeddedContainer container)
    {
        var hash = Convert.ToInt32(container.Id[..4], 16);
        return string.Create(CultureInfo.InvariantCulture, $"172.{17 + Number}.{hash >> 8}.{2 + ((hash & 0xff) % 250)}");
    }
}
