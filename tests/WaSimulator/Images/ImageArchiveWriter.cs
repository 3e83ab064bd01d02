using System.Formats.Tar;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WaSimulator.DockerApi;

namespace WaSimulator.Images;

/// <summary>Writes what <c>docker load</c> reads: images made of layers, each layer once however many images have it.</summary>
public sealed class ImageArchiveWriter
{
    private readonly List<(DockerImage Image, string Config, string ConfigDigest, IReadOnlyList<ImageLayer> Layers)> _images = [];

    /// <summary>Adds an image and returns its id, which its content alone decides.</summary>
    public string Add(DockerImage image, IReadOnlyList<ImageLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(layers);
        var config = new JsonObject
        {
            ["architecture"] = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            ["os"] = "linux",
            ["created"] = image.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["config"] = image.ConfigJson(),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. layers.Select(layer => JsonValue.Create("sha256:" + layer.Digest))]),
            },
            ["history"] = new JsonArray([.. layers.Select(_ => new JsonObject { ["created_by"] = "WaSimulator" })]),
        }.ToJsonString();
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(config)));
        _images.Add((image, config, digest, layers));
        return "sha256:" + digest;
    }

    /// <summary>Writes the archive.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="present">Digests of layers that the reader has: named, but left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(Stream target, IReadOnlySet<string> present, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(present);
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        var layers = _images.SelectMany(image => image.Layers).DistinctBy(layer => layer.Digest);
        foreach (var layer in layers.Where(layer => !present.Contains(layer.Digest)))
        {
            await using var content = File.OpenRead(layer.File);
            await WriteAsync(tar, LayerName(layer), content, cancellationToken);
        }

        foreach (var (_, config, digest, _) in _images.DistinctBy(image => image.ConfigDigest))
        {
            await WriteAsync(tar, digest + ".json", config, cancellationToken);
        }

        var manifest = new JsonArray(
        [
            .. _images.Select(image => new JsonObject
            {
                ["Config"] = image.ConfigDigest + ".json",
                ["RepoTags"] = new JsonArray(image.Image.Reference),
                ["Layers"] = new JsonArray([.. image.Layers.Select(layer => JsonValue.Create(LayerName(layer)))]),
            }),
        ]);
        await WriteAsync(tar, "manifest.json", manifest.ToJsonString(), cancellationToken);
    }

    private static string LayerName(ImageLayer layer) => layer.Digest + "/layer.tar";

    private static async Task WriteAsync(TarWriter tar, string name, string text, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await WriteAsync(tar, name, content, cancellationToken);
    }

    private static async Task WriteAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = (UnixFileMode)0b110_100_100 }, cancellationToken);
}
