using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>What comes out of containers: logs, and files as tar archives.</summary>
internal sealed class ContainerOutputOperations(EmbeddedDockerHost host)
{
    // The bit by which Go marks a folder, and its permissions.
    private const uint FolderMode = 0x80000000 | 0b111_101_101;

    public void Map(DockerRouter router)
    {
        router.Map("GET", "/containers/{id}/logs", LogsAsync);
        router.Map("GET", "/containers/{id}/archive", ArchiveAsync);
        router.Map("HEAD", "/containers/{id}/archive", ArchiveAsync);
    }

    private async Task LogsAsync(DockerCall call)
    {
        var container = host.Containers.Get(call.Part("id"));
        if (!call.Flag("stdout") && !call.Flag("stderr"))
        {
            throw DockerError.BadParameter("Bad parameters: you must choose at least one stream");
        }

        var since = DockerTime.Parse(call.Query("since"));
        var until = DockerTime.Parse(call.Query("until"));
        var tail = call.Query("tail") is { Length: > 0 } text && text != "all" ? call.Number("tail") : null;
        var raw = Json.Flag(container.Config, "Tty");
        call.Response.ContentType = raw ? "application/vnd.docker.raw-stream" : "application/octet-stream";
        await call.Response.StartAsync(call.Aborted);
        var (lines, position, changed) = container.Log.ReadFrom(0);
        var wanted = lines.Where(l => (since is null || l.Time >= since) && (until is null || l.Time <= until)).ToList();
        await WriteAsync(call, tail is >= 0 ? wanted.TakeLast(tail.Value) : wanted, raw);
        while (call.Flag("follow") && container.IsRunning)
        {
            // Following ends with the process, after its last words.
            await Task.WhenAny(changed, Ended(container)).WaitAsync(call.Aborted);
            (lines, position, changed) = container.Log.ReadFrom(position);
            await WriteAsync(call, lines, raw);
        }

        (lines, _, _) = container.Log.ReadFrom(position);
        await WriteAsync(call, call.Flag("follow") ? lines : [], raw);
    }

    private static Task Ended(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            return container.State.Ended?.Task ?? Task.CompletedTask;
        }
    }

    private static async Task WriteAsync(DockerCall call, IEnumerable<ContainerLogLine> lines, bool raw)
    {
        // The client writes all to standard output; a caller that asked for errors alone gets nothing.
        if (!call.Flag("stdout"))
        {
            return;
        }

        foreach (var line in lines)
        {
            var text = call.Flag("timestamps") ? $"{DockerTime.Format(line.Time)} {line.Text}\n" : line.Text + "\n";
            var payload = Encoding.UTF8.GetBytes(text);
            if (!raw)
            {
                var header = new byte[8];
                header[0] = 1;
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)payload.Length);
                await call.Response.Body.WriteAsync(header, call.Aborted);
            }

            await call.Response.Body.WriteAsync(payload, call.Aborted);
        }

        await call.Response.Body.FlushAsync(call.Aborted);
    }

    private async Task ArchiveAsync(DockerCall call)
    {
        var container = host.Containers.Get(call.Part("id"));
        var asked = call.Query("path") is { Length: > 0 } p ? p : throw DockerError.BadParameter("missing parameter: path");
        var path = "/" + asked.Trim('/');
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
