using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>Real folders as tar archives, with modes, times and owners, as the engine packs and unpacks them.</summary>
internal static class FolderTar
{
    // The bit by which Go marks a folder.
    private const uint FolderBit = 0x80000000;

    /// <summary>The real path behind a path of a container, where it lies in a mount; it need not be there.</summary>
    public static RealPath? Find(EmbeddedDockerHost host, EmbeddedContainer container, string path)
    {
        foreach (var mount in container.Mounts)
        {
            var destination = mount.Destination.TrimEnd('/');
            if (path == destination || path.StartsWith(destination + "/", StringComparison.Ordinal))
            {
                var root = mount.Type == "volume" ? host.Volumes.Get(mount.Name).Folder : mount.Source;
                return new RealPath(Path.Combine(root, path[destination.Length..].TrimStart('/')), mount.ReadOnly);
            }
        }

        return null;
    }

    public static async Task SendAsync(DockerCall call, RealPath real, string path, string asked)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var isFolder = Directory.Exists(real.Path);
        if (!isFolder && !File.Exists(real.Path))
        {
            throw new DockerError(404, $"Could not find the file {asked} in container {call.Part("id")}");
        }

        FileSystemInfo info = isFolder ? new DirectoryInfo(real.Path) : new FileInfo(real.Path);
        var stat = new JsonObject
        {
            ["name"] = name,
            ["size"] = info is FileInfo file ? file.Length : 4096,
            ["mode"] = (isFolder ? FolderBit : 0) | (uint)info.UnixFileMode,
            ["mtime"] = DockerTime.Format(info.LastWriteTimeUtc),
            ["linkTarget"] = "",
        };
        call.Response.Headers["X-Docker-Container-Path-Stat"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(stat.ToJsonString()));
        if (HttpMethods.IsHead(call.Context.Request.Method))
        {
            return;
        }

        call.Response.ContentType = "application/x-tar";
        await using var writer = new TarWriter(call.Response.Body, TarEntryFormat.Pax, leaveOpen: true);
        await AddAsync(writer, real.Path, name, call.Aborted);
    }

    /// <summary>Unpacks an archive; the real paths of its names are asked for. What is half done stays half done.</summary>
    public static async Task ExtractAsync(Stream archive, Func<string, string> realPath, bool keepsKinds, CancellationToken cancellationToken)
    {
        var folders = new List<(string Path, TarEntry Entry)>();
        try
        {
            await using var reader = new TarReader(archive);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                // As the engine does: the folder that it is unpacked into stays as it is.
                if (entry.Name.TrimEnd('/') is "." or "")
                {
                    continue;
                }

                await PutAsync(entry, realPath(entry.Name), keepsKinds, folders, cancellationToken);
            }

            // As the engine does: a folder's time would else be that of the last file put into it.
            foreach (var (path, entry) in folders)
            {
                Directory.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
            }
        }
        catch (EndOfStreamException)
        {
            throw new DockerError(500, "unexpected EOF");
        }
        catch (InvalidDataException)
        {
            throw new DockerError(500, "Error processing tar file(exit status 1): archive/tar: invalid tar header");
        }
        catch (IOException problem) when (problem.Message.Contains("space", StringComparison.OrdinalIgnoreCase) || problem.Message.Contains("full", StringComparison.OrdinalIgnoreCase))
        {
            throw new DockerError(500, $"Error processing tar file(exit status 1): {problem.Message}: no space left on device");
        }
    }

    private static async Task AddAsync(TarWriter writer, string path, string name, CancellationToken cancellationToken)
    {
        var info = new DirectoryInfo(path);
        if (!info.Exists || info.LinkTarget is not null)
        {
            await writer.WriteEntryAsync(path, name, cancellationToken);
            return;
        }

        await writer.WriteEntryAsync(path, name + "/", cancellationToken);
        foreach (var inner in info.EnumerateFileSystemInfos().OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            await AddAsync(writer, inner.FullName, name + "/" + inner.Name, cancellationToken);
        }
    }

    private static async Task PutAsync(
        TarEntry entry, string path, bool keepsKinds, List<(string Path, TarEntry Entry)> folders, CancellationToken cancellationToken)
    {
        var isFolder = entry.EntryType == TarEntryType.Directory;
        if (keepsKinds && (isFolder ? File.Exists(path) : Directory.Exists(path)))
        {
            throw DockerError.BadParameter($"cannot overwrite {(isFolder ? "non-directory" : "directory")} \"{path}\"");
        }

        if (isFolder)
        {
            Directory.CreateDirectory(path);
            folders.Add((path, entry));
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            if (entry.EntryType == TarEntryType.SymbolicLink)
            {
                File.CreateSymbolicLink(path, entry.LinkName);
            }
            else
            {
                await entry.ExtractToFileAsync(path, overwrite: true, cancellationToken);
            }
        }

        if (NativeMethods.ChangeOwner(path, (uint)entry.Uid, (uint)entry.Gid) != 0 && Environment.IsPrivilegedProcess)
        {
            throw new DockerError(500, $"failed to Lchown {path} for UID {entry.Uid}, GID {entry.Gid}");
        }

        if (entry.EntryType != TarEntryType.SymbolicLink && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, entry.Mode);
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "lchown", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
    }
}

/// <summary>Where a path of a container really lies.</summary>
internal sealed record RealPath(string Path, bool ReadOnly);
