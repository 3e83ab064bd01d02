using System.Formats.Tar;
using System.Globalization;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>Reads what <c>docker save</c> writes: a tar with manifest.json and a configuration for each image.</summary>
internal static class ImageArchive
{
    public static async Task<IReadOnlyList<DockerImage>> ReadAsync(Stream tar, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            // Layers hold no JSON and may be large: they are passed over.
            if (entry.DataStream is { } data && entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                files[entry.Name] = await JsonNode.ParseAsync(data, cancellationToken: cancellationToken);
            }
        }

        if (files.GetValueOrDefault("manifest.json") is not JsonArray manifest)
        {
            throw DockerError.BadParameter("open manifest.json: no such file or directory");
        }

        var images = new List<DockerImage>();
        foreach (var entry in manifest)
        {
            var config = Json.Object(files.GetValueOrDefault(Json.Text(entry, "Config") ?? ""), "config");
            foreach (var name in Json.Texts(entry, "RepoTags"))
            {
                var (repository, tag) = ImageStore.Split(name);
                images.Add(new DockerImage(repository, tag)
                {
                    Command = Json.Texts(config, "Cmd"),
                    Labels = Json.Texts(Json.Object(config, "Labels")),
                    Volumes = [.. (Json.Object(config, "Volumes") ?? []).Select(v => v.Key)],
                    ExposedPorts = [.. (Json.Object(config, "ExposedPorts") ?? []).Select(p => int.Parse(p.Key.Split('/')[0], CultureInfo.InvariantCulture))],
                    Environment = Json.Texts(config, "Env").Select(e => e.Split('=', 2)).Where(e => e.Length == 2 && e[0] != "PATH")
                        .ToDictionary(e => e[0], e => e[1]),
                });
            }
        }

        return images;
    }
}
