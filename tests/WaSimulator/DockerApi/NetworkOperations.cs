using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>Networks: list, create, inspect, connect, disconnect, remove.</summary>
internal sealed class NetworkOperations(EmbeddedDockerHost host)
{
    public void Map(DockerRouter router)
    {
        router.Map("GET", "/networks", ListAsync);
        router.Map("POST", "/networks/create", CreateAsync);
        router.Map("GET", "/networks/{id}", call => call.JsonAsync(ToJson(host.Networks.Get(call.Part("id")), withContainers: true)));
        router.Map("POST", "/networks/{id}/connect", ConnectAsync);
        router.Map("POST", "/networks/{id}/disconnect", DisconnectAsync);
        router.Map("DELETE", "/networks/{id}", RemoveAsync);
    }

    private Task ListAsync(DockerCall call)
    {
        var filters = DockerFilters.Read(call, "dangling", "driver", "id", "label", "name", "scope", "type");
        var networks = host.Networks.All
            .Where(n => filters.Any("name", name => Regex.IsMatch(n.Name, name)))
            .Where(n => filters.Any("id", id => n.Id.StartsWith(id, StringComparison.Ordinal)))
            .Where(n => filters.Any("driver", driver => n.Driver == driver))
            .Where(n => filters.Any("scope", scope => scope == "local"))
            .Where(n => filters.Any("type", type => type == (NetworkStore.IsDefault(n.Name) ? "builtin" : "custom")))
            .Where(n => filters.Labels(Json.Texts(Json.Object(n.Request, "Labels"))));
        return call.JsonAsync(Json.Array(networks.Select(n => (JsonNode?)ToJson(n, withContainers: false))));
    }

    private async Task CreateAsync(DockerCall call)
    {
        var request = await call.ReadBodyAsync();
        var name = Json.Text(request, "Name") is { Length: > 0 } given ? given : throw DockerError.BadParameter("network name cannot be empty");
        var network = host.Networks.Create(name, request);
        host.Events.Add("network", "create", network.Id, ("name", name), ("type", network.Driver));
        await call.JsonAsync(new JsonObject { ["Id"] = network.Id, ["Warning"] = "" }, 201);
    }

    private async Task ConnectAsync(DockerCall call)
    {
        var network = host.Networks.Get(call.Part("id"));
        var request = await call.ReadBodyAsync();
        var container = host.Containers.Get(Json.Text(request, "Container") ?? "");
        if (!container.Endpoints.TryAdd(network.Name, NetworkEndpoint.Read(request["EndpointConfig"], [])))
        {
            throw new DockerError(403, $"endpoint with name {container.Name} already exists in network {network.Name}");
        }

        host.Events.Add("network", "connect", network.Id, ("container", container.Id), ("name", network.Name));
        await call.NoContentAsync(200);
    }

    private async Task DisconnectAsync(DockerCall call)
    {
        var network = host.Networks.Get(call.Part("id"));
        var container = host.Containers.Get(Json.Text(await call.ReadBodyAsync(), "Container") ?? "");
        if (!container.Endpoints.TryRemove(network.Name, out _))
        {
            throw new DockerError(403, $"container {container.Id} is not connected to network {network.Name}");
        }

        host.Events.Add("network", "disconnect", network.Id, ("container", container.Id), ("name", network.Name));
        await call.NoContentAsync(200);
    }

    private Task RemoveAsync(DockerCall call)
    {
        var network = host.Networks.Get(call.Part("id"));
        if (NetworkStore.IsDefault(network.Name))
        {
            throw new DockerError(403, $"{network.Name} is a pre-defined network and cannot be removed");
        }

        if (Members(network).Any(c => c.IsRunning))
        {
            throw new DockerError(403, $"error while removing network: network {network.Name} id {network.Id} has active endpoints");
        }

        host.Networks.Remove(network);
        host.Events.Add("network", "destroy", network.Id, ("name", network.Name), ("type", network.Driver));
        return call.NoContentAsync();
    }

    private IEnumerable<EmbeddedContainer> Members(DockerNetwork network) =>
        host.Containers.All.Where(c => c.Endpoints.ContainsKey(network.Name));

    private JsonObject ToJson(DockerNetwork network, bool withContainers)
    {
        var members = new JsonObject();
        foreach (var container in Members(network).Where(c => withContainers && c.IsRunning))
        {
            members[container.Id] = new JsonObject
            {
                ["Name"] = container.Name,
                ["EndpointID"] = container.Endpoints[network.Name].EndpointId,
                ["MacAddress"] = "",
                ["IPv4Address"] = network.AddressOf(container) + "/16",
                ["IPv6Address"] = "",
            };
        }

        var bridge = network.Driver == "bridge";
        return new JsonObject
        {
            ["Name"] = network.Name,
            ["Id"] = network.Id,
            ["Created"] = DockerTime.Format(network.Created),
            ["Scope"] = "local",
            ["Driver"] = network.Driver,
            ["EnableIPv6"] = false,
            ["IPAM"] = new JsonObject
            {
                ["Driver"] = "default",
                ["Options"] = null,
                ["Config"] = bridge
                    ? new JsonArray { (JsonNode)new JsonObject { ["Subnet"] = network.Subnet, ["Gateway"] = network.Gateway } }
                    : new JsonArray(),
            },
            ["Internal"] = Json.Flag(network.Request, "Internal"),
            ["Attachable"] = Json.Flag(network.Request, "Attachable"),
            ["Ingress"] = false,
            ["ConfigFrom"] = new JsonObject { ["Network"] = "" },
            ["ConfigOnly"] = false,
            ["Containers"] = members,
            ["Options"] = Json.Object(network.Request, "Options")?.DeepClone() ?? new JsonObject(),
            ["Labels"] = Json.Object(network.Request, "Labels")?.DeepClone() ?? new JsonObject(),
        };
    }
}
