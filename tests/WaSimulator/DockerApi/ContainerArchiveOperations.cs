using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>Files of containers as tar archives, out and in. What lies in volumes are real files.</summary>
internal sealed class ContainerArchiveOperations(EmbeddedDockerHost host)
{
    // The bit by which Go marks a folder, and its permissions.
    private const uint FolderMode = 0x80000000 | 0b111_101_101;

    public void Map(DockerRouter router)
    {
        router.Map("GET", "/containers/{id}/archive", ArchiveAsync);
        router.Map("HEAD", "/containers/{id}/archive", ArchiveAsync);
        router.Map("PUT", "/containers/{id}/archive", ExtractAsync);
    }

    private async Task ExtractAsync(DockerCall call)
    {
        var container = host.Containers.Get(call.Part("id"));
        var asked = call.Query("path") is { Length: > 0 } p ? p : throw DockerError.BadParameter("missing parameter: path");
        var path = "/" + asked.Trim('/');
        var target = FolderTar.Find(host, container, path);
        var isAbove = container.Mounts.Any(mount => mount.Destination.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));
        if (target is null ? !isAbove : !Directory.Exists(target.Path))
        {
            throw new DockerError(404, $"Could not find the file {asked} in container {call.Part("id")}");
        }

        if (target?.ReadOnly == true)
        {
            throw new DockerError(403, "mounted volume is marked read-only");
        }

        string Real(string name) => FolderTar.Find(host, container, Path.GetFullPath(Path.Combine(path, name)).TrimEnd('/')) is { ReadOnly: false } found
            ? found.Path.TrimEnd('/')
            : throw DockerError.BadParameter($"invalid path: {name}");
        await FolderTar.ExtractAsync(call.Context.Request.Body, Real, call.Flag("noOverwriteDirNonDir"), call.Aborted);
        call.Response.StatusCode = 200;
    }

    private async Task ArchiveAsync(DockerCall call)
    {
        var container = host.Containers.Get(call.Part("id"));
        var asked = call.Query("path") is { Length: > 0 } p ? p : throw DockerError.BadParameter("missing parameter: path");
        var path = "/" + asked.Trim('/');
        if (FolderTar.Find(host, container, path) is { } real)
        {
            await FolderTar.SendAsync(call, real, path, asked);
            return;
        }

        var files = new SortedDictionary<string, byte[]>(
            new Dictionary<string, byte[]>(container.Node?.Files ?? container.FileSystem), StringComparer.Ordinal);
        var below = path == "/" ? "/" : path + "/";
        var isFile = files.ContainsKey(path);
        var inside = files.Where(f => f.Key.StartsWith(below, StringComparison.Ordinal)).ToList();
        if (!isFile && inside.Count == 0)
        {
            throw new DockerError(404, $"Could not find the file {asked} in container {call.Part("id")}");
        }

        var name = path[(path.LastIndexOf('/') + 1)..];
        var stat = new JsonObject
        {
            ["name"] = name.Length == 0 ? "/" : name,
            ["size"] = isFile ? files[path].Length : 4096,
            ["mode"] = isFile ? 0b110_000_000u : FolderMode,
            ["mtime"] = DockerTime.Format(container.Created),
            ["linkTarget"] = "",
        };
        call.Response.Headers["X-Docker-Container-Path-Stat"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(stat.ToJsonString()));
        if (HttpMethods.IsHead(call.Context.Request.Method))
        {
            return;
        }

        call.Response.ContentType = "application/x-tar";
        var tar = Pack(container, name, isFile ? [KeyValuePair.Create(path, files[path])] : inside, isFile ? path : below);
        call.Response.ContentLength = tar.Length;
        await call.Response.Body.WriteAsync(tar, call.Aborted);
    }

    private static byte[] Pack(
        EmbeddedContainer container, string name, IReadOnlyList<KeyValuePair<string, byte[]>> files, string root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var folders = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (path, content) in files)
            {
                var entryName = path == root ? name : $"{name}/{path[root.Length..]}".TrimStart('/');
                for (var slash = entryName.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = entryName.IndexOf('/', slash + 1))
                {
                    if (folders.Add(entryName[..(slash + 1)]))
                    {
                        writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, entryName[..(slash + 1)])
                        {
                            Mode = (UnixFileMode)0b111_101_101, ModificationTime = container.Created,
                        });
                    }
                }

                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, entryName)
                {
                    DataStream = new MemoryStream(content), Mode = (UnixFileMode)0b110_000_000, ModificationTime = container.Created,
                });
            }
        }

        return buffer.ToArray();
    }
}
