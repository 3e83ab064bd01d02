using WaSimulator.Hosting;

namespace WaSimulator.Nodes;

/// <summary>The files of media: what callers uploaded under outgoing, what people sent under incoming.</summary>
internal sealed class MediaFiles(SimNode node)
{
    private const string Outgoing = "outgoing";
    private const string Incoming = "incoming";

    /// <summary>The path that the database keeps: as the container sees it.</summary>
    public static string PathOf(string id, bool inbound) => $"{ContainerFiles.MediaFolder}/{(inbound ? Incoming : Outgoing)}/{id}";

    /// <summary>Writes a file whole or not at all.</summary>
    public async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var file = RealPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var part = file + ".part";
        await File.WriteAllBytesAsync(part, content, cancellationToken);
        File.Move(part, file, overwrite: true);
    }

    /// <summary>Null where it is not there.</summary>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = RealPath(path);
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : null;
    }

    public bool Exists(string path) => File.Exists(RealPath(path));

    public void Delete(string path) => File.Delete(RealPath(path));

    private string RealPath(string path)
    {
        var folder = node.Spec.Folders.GetValueOrDefault(ContainerFiles.MediaFolder)
            ?? throw new IOException($"{ContainerFiles.MediaFolder} is not there");
        return Path.Combine(folder, path[(ContainerFiles.MediaFolder.Length + 1)..]);
    }
}
