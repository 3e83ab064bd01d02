using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>Volumes: list, create, inspect, remove.</summary>
internal sealed class VolumeOperations(EmbeddedDockerHost host)
{
    public void Map(DockerRouter router)
    {
        router.Map("GET", "/volumes", ListAsync);
        router.Map("POST", "/volumes/create", CreateAsync);
        router.Map("GET", "/volumes/{name}", call => call.JsonAsync(host.Volumes.Get(call.Part("name")).ToJson()));
        router.Map("DELETE", "/volumes/{name}", RemoveAsync);
    }

    private Task ListAsync(DockerCall call)
    {
        var filters = DockerFilters.Read(call, "dangling", "driver", "label", "name");
        var volumes = host.Volumes.All
            .Where(v => filters.Any("name", name => Regex.IsMatch(v.Name, name)))
            .Where(v => filters.Any("driver", driver => v.Driver == driver))
            .Where(v => filters.Any("dangling", dangling => dangling is "true" or "1" == (Users(v.Name).Count == 0)))
            .Where(v => filters.Labels(v.Labels));
        return call.JsonAsync(new JsonObject { ["Volumes"] = Json.Array(volumes.Select(v => (JsonNode?)v.ToJson())), ["Warnings"] = null });
    }

    private async Task CreateAsync(DockerCall call)
    {
        var request = await call.ReadBodyAsync();
        var name = Json.Text(request, "Name") is { Length: > 0 } given ? given : DockerIds.Random();
        var driver = Json.Text(request, "Driver") is { Length: > 0 } wanted ? wanted : "local";
        var volume = host.Volumes.Ensure(name, Json.Texts(Json.Object(request, "Labels")), driver, Json.Texts(Json.Object(request, "DriverOpts")));
        if (volume.Driver != driver)
        {
            throw new DockerError(409, $"A volume named {name} already exists with the {volume.Driver} driver. Choose a different volume name.");
        }

        host.Events.Add("volume", "create", name, ("driver", driver));
        await call.JsonAsync(volume.ToJson(), 201);
    }

    private Task RemoveAsync(DockerCall call)
    {
        var volume = host.Volumes.Get(call.Part("name"));
        var users = Users(volume.Name);
        if (users.Count > 0)
        {
            throw new DockerError(409, $"remove {volume.Name}: volume is in use - [{string.Join(", ", users)}]");
        }

        host.Volumes.Remove(volume.Name);
        host.Events.Add("volume", "destroy", volume.Name, ("driver", volume.Driver));
        return call.NoContentAsync();
    }

    private List<string> Users(string volume) =>
        [.. host.Containers.All.Where(c => c.Mounts.Any(m => m.Name == volume)).Select(c => c.Id)];
}
