using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>Images: list, inspect, pull, tag, load, remove.</summary>
internal sealed class ImageOperations(EmbeddedDockerHost host)
{
    public void Map(DockerRouter router)
    {
        router.Map("GET", "/images/json", ListAsync);
        router.Map("GET", "/images/{name*}/json", InspectAsync);
        router.Map("POST", "/images/create", PullAsync);
        router.Map("POST", "/images/load", LoadAsync);
        router.Map("POST", "/images/{name*}/tag", TagAsync);
        router.Map("DELETE", "/images/{name*}", RemoveAsync);
    }

    private Task ListAsync(DockerCall call)
    {
        var filters = DockerFilters.Read(call, "reference", "label", "dangling", "before", "since");
        var images = host.Images.Local
            .Where(i => filters.Labels(i.Labels))
            .Where(i => filters.Any("reference", wanted => ImageStore.Normalize(wanted) == i.Reference || wanted == i.Repository))
            .GroupBy(i => i.Id)
            .Select(group => (JsonNode?)new JsonObject
            {
                ["Containers"] = -1,
                ["Created"] = group.First().Created.ToUnixTimeSeconds(),
                ["Id"] = group.Key,
                ["Labels"] = group.First().Labels.Count == 0 ? null : Json.Map(group.First().Labels),
                ["ParentId"] = "",
                ["RepoDigests"] = new JsonArray(),
                ["RepoTags"] = Json.Strings(group.Select(i => i.Reference)),
                ["SharedSize"] = -1,
                ["Size"] = 29_000_000,
                ["VirtualSize"] = 29_000_000,
            });
        return call.JsonAsync(Json.Array(images));
    }

    private Task InspectAsync(DockerCall call)
    {
        var image = host.Images.Get(call.Part("name"));
        return call.JsonAsync(new JsonObject
        {
            ["Id"] = image.Id,
            ["RepoTags"] = Json.Strings(host.Images.NamesOf(image.Id)),
            ["RepoDigests"] = new JsonArray(),
            ["Parent"] = "",
            ["Comment"] = "",
            ["Created"] = DockerTime.Format(image.Created),
            ["Container"] = "",
            ["ContainerConfig"] = image.ConfigJson(),
            ["DockerVersion"] = host.Options.EngineVersion,
            ["Author"] = "",
            ["Config"] = image.ConfigJson(),
            ["Architecture"] = "amd64",
            ["Os"] = "linux",
            ["Size"] = 29_000_000,
            ["VirtualSize"] = 29_000_000,
            ["GraphDriver"] = new JsonObject { ["Data"] = new JsonObject(), ["Name"] = "overlay2" },
            ["RootFS"] = new JsonObject { ["Type"] = "layers", ["Layers"] = Json.Strings(["sha256:" + DockerIds.Of("layer " + image.Id)]) },
            ["Metadata"] = new JsonObject { ["LastTagTime"] = DockerTime.Never },
        });
    }

    private async Task PullAsync(DockerCall call)
    {
        var name = call.Query("fromImage") is { Length: > 0 } from
            ? from
            : throw DockerError.BadParameter("fromSrc is not available on this host");
        var reference = call.Query("tag") is { Length: > 0 } tag ? name + ":" + tag : ImageStore.Normalize(name);
        var known = host.Images.Find(reference) is not null;
        var image = host.Images.Pull(reference);
        var digest = "sha256:" + DockerIds.Of("manifest " + image.Id);
        var layer = DockerIds.Short(DockerIds.Of("layer " + image.Id));
        await call.StreamJsonAsync(new JsonObject { ["status"] = "Pulling from " + image.Repository, ["id"] = image.Tag });
        foreach (var status in known ? ["Already exists"] : new[] { "Pulling fs layer", "Downloading", "Download complete", "Extracting", "Pull complete" })
        {
            var detail = status is "Downloading" or "Extracting"
                ? new JsonObject { ["current"] = 29_000_000, ["total"] = 29_000_000 }
                : [];
            await call.StreamJsonAsync(new JsonObject { ["status"] = status, ["progressDetail"] = detail, ["id"] = layer });
        }

        await call.StreamJsonAsync(new JsonObject { ["status"] = "Digest: " + digest });
        var result = known ? "Image is up to date for " : "Downloaded newer image for ";
        await call.StreamJsonAsync(new JsonObject { ["status"] = "Status: " + result + image.Reference });
        host.Events.Add("image", "pull", image.Reference, ("name", image.Repository));
    }

    private Task TagAsync(DockerCall call)
    {
        var repository = call.Query("repo") is { Length: > 0 } repo ? repo : throw DockerError.BadParameter("invalid reference format");
        host.Images.Tag(call.Part("name"), repository, call.Query("tag") is { Length: > 0 } tag ? tag : "latest");
        return call.NoContentAsync(201);
    }

    private async Task LoadAsync(DockerCall call)
    {
        foreach (var image in await ImageArchive.ReadAsync(call.Context.Request.Body, call.Aborted))
        {
            host.Images.Add(image);
            await call.StreamJsonAsync(new JsonObject { ["stream"] = $"Loaded image: {image.Reference}\n" });
        }
    }

    private Task RemoveAsync(DockerCall call)
    {
        var image = host.Images.Get(call.Part("name"));
        var users = host.Containers.All.Where(c => c.Image.Id == image.Id).ToList();
        if (users.Count > 0 && host.Images.NamesOf(image.Id).Count == 1 && (!call.Flag("force") || users.Any(c => c.IsRunning)))
        {
            throw new DockerError(
                409,
                $"conflict: unable to remove repository reference \"{image.Reference}\" (must force) - container {DockerIds.Short(users[0].Id)} is using its referenced image {DockerIds.Short(image.Id[7..])}");
        }

        host.Images.Remove(image.Reference);
        var answer = new JsonArray { (JsonNode)new JsonObject { ["Untagged"] = image.Reference } };
        if (host.Images.NamesOf(image.Id).Count == 0)
        {
            answer.Add((JsonNode)new JsonObject { ["Deleted"] = image.Id });
        }

        return call.JsonAsync(answer);
    }
}
