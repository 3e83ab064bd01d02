using System.Formats.Tar;
using System.Text;

namespace WaSimulator.Images;

/// <summary>
/// Writes an image layer: a tar in which the same content always gives the same bytes, whoever builds it and when.
/// </summary>
public sealed class LayerWriter : IDisposable
{
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;
    private const UnixFileMode ProgramMode = FolderMode;
    private readonly TarWriter _tar;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>Writes to that stream, which stays open.</summary>
    public LayerWriter(Stream target) => _tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);

    /// <summary>A folder with all that is above it; once is enough.</summary>
    public void Folder(string path, UnixFileMode? mode = null)
    {
        var name = path.Trim('/');
        if (name.Length == 0 || !_folders.Add(name))
        {
            return;
        }

        Folder(name[..Math.Max(0, name.LastIndexOf('/'))]);
        Write(new PaxTarEntry(TarEntryType.Directory, name + "/"), mode ?? FolderMode);
    }

    /// <summary>A file of this machine.</summary>
    public void File(string path, string source, bool program = false)
    {
        using var content = System.IO.File.OpenRead(source);
        File(path, content, program);
    }

    /// <summary>A text of our own.</summary>
    public void Text(string path, string text, bool program = false)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        File(path, content, program);
    }

    /// <summary>A link by name.</summary>
    public void Link(string path, string target)
    {
        FolderOf(path);
        Write(new PaxTarEntry(TarEntryType.SymbolicLink, path.Trim('/')) { LinkName = target }, ProgramMode);
    }

    /// <inheritdoc/>
    public void Dispose() => _tar.Dispose();

    private void File(string path, Stream content, bool program)
    {
        FolderOf(path);
        Write(new PaxTarEntry(TarEntryType.RegularFile, path.Trim('/')) { DataStream = content }, program ? ProgramMode : FileMode);
    }

    private void FolderOf(string path)
    {
        var name = path.Trim('/');
        Folder(name[..Math.Max(0, name.LastIndexOf('/'))]);
    }

    private void Write(PaxTarEntry entry, UnixFileMode mode)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = mode;
        _tar.WriteEntry(entry);
    }
}
