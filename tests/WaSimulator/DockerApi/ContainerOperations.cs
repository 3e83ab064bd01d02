using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>Containers as things: list, create, inspect, rename, update, remove.</summary>
internal sealed class ContainerOperations(EmbeddedDockerHost host, ContainerSupervisor supervisor)
{
    private readonly ContainerJson _json = new(host);
    private readonly ContainerFactory _factory =
        new(host.Images, host.Containers, host.Networks, host.Volumes, host.Options.TimeProvider);

    public void Map(DockerRouter router)
    {
        router.Map("GET", "/containers/json", ListAsync);
        router.Map("POST", "/containers/create", CreateAsync);
        router.Map("GET", "/containers/{id}/json", call => call.JsonAsync(_json.Inspect(Container(call))));
        router.Map("POST", "/containers/{id}/rename", RenameAsync);
        router.Map("POST", "/containers/{id}/update", UpdateAsync);
        router.Map("DELETE", "/containers/{id}", RemoveAsync);
    }

    private EmbeddedContainer Container(DockerCall call) => host.Containers.Get(call.Part("id"));

    private Task ListAsync(DockerCall call)
    {
        var filters = DockerFilters.Read(
            call, "ancestor", "before", "expose", "exited", "health", "id", "isolation", "is-task", "label", "name", "network", "publish", "since", "status", "volume");
        var limit = call.Number("limit");
        var all = call.Flag("all") || limit > 0 || filters.Has("status") || filters.Has("exited");
        var found = host.Containers.All
            .Where(c => all || c.IsRunning)
            .Where(c => filters.Any("id", id => c.Id.StartsWith(id, StringComparison.Ordinal)))
            .Where(c => filters.Any("name", name => Regex.IsMatch(c.Name, name.TrimStart('/')) || Regex.IsMatch("/" + c.Name, name)))
            .Where(c => filters.Labels(Json.Texts(Json.Object(c.Config, "Labels"))))
            .Where(c => filters.Any("ancestor", image => IsAncestor(c, image)))
            .Where(c => filters.Any("network", network => c.Endpoints.ContainsKey(host.Networks.Find(network)?.Name ?? network)))
            .Where(c => filters.Any("volume", volume => c.Mounts.Any(m => m.Name == volume || m.Destination == volume || m.Source == volume)))
            .Where(c => filters.Any("status", status => StatusOf(c) == status))
            .Where(c => filters.Any("exited", code => StatusOf(c) == "exited" && code == c.State.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return call.JsonAsync(Json.Array((limit > 0 ? found.Take(limit.Value) : found).Select(c => (JsonNode?)_json.Summary(c))));
    }

    private bool IsAncestor(EmbeddedContainer container, string image) =>
        host.Images.Find(image)?.Id == container.Image.Id
        || (!image.Contains(':', StringComparison.Ordinal) && container.Image.Repository == image && container.Image.Tag == "latest");

    private static string StatusOf(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            return container.State.Status;
        }
    }

    private async Task CreateAsync(DockerCall call)
    {
        var container = _factory.Create(call.Query("name") is { Length: > 0 } name ? name : null, await call.ReadBodyAsync());
        host.Events.Add(container, "create");
        await call.JsonAsync(new JsonObject { ["Id"] = container.Id, ["Warnings"] = new JsonArray() }, 201);
    }

    private Task RenameAsync(DockerCall call)
    {
        var container = Container(call);
        var name = call.Query("name")?.TrimStart('/') is { Length: > 0 } given
            ? given
            : throw DockerError.BadParameter("Neither old nor new names may be empty");
        if (name == container.Name)
        {
            throw DockerError.BadParameter("Renaming a container with the same name as its current name");
        }

        host.Containers.Rename(container, name);
        host.Events.Add(container, "rename");
        return call.NoContentAsync();
    }

    private async Task UpdateAsync(DockerCall call)
    {
        var container = Container(call);
        var wanted = await call.ReadBodyAsync();
        lock (container.Gate)
        {
            if (Json.Object(wanted, "RestartPolicy") is { } policy && Json.Text(policy, "Name") is { Length: > 0 } name)
            {
                if (name is not ("no" or "always" or "unless-stopped" or "on-failure"))
                {
                    throw DockerError.BadParameter($"invalid restart policy '{name}'");
                }

                container.HostConfig["RestartPolicy"] = new JsonObject
                {
                    ["Name"] = name,
                    ["MaximumRetryCount"] = Json.Number(policy, "MaximumRetryCount"),
                };
            }
        }

        host.Events.Add(container, "update");
        await call.JsonAsync(new JsonObject { ["Warnings"] = null });
    }

    private async Task RemoveAsync(DockerCall call)
    {
        await supervisor.RemoveAsync(Container(call), call.Flag("force"), call.Flag("v"));
        await call.NoContentAsync();
    }
}
