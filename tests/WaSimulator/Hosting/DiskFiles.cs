using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace WaSimulator.Hosting;

/// <summary>The files of a real container: the disk itself, by absolute path, for the few that a node keeps.</summary>
internal sealed class DiskFiles : IDictionary<string, byte[]>
{
    private static readonly string[] Known = [ContainerFiles.ServerPem];

    public ICollection<string> Keys => [.. Known.Where(File.Exists)];

    public ICollection<byte[]> Values => [.. Keys.Select(File.ReadAllBytes)];

    public int Count => Keys.Count;

    public bool IsReadOnly => false;

    public byte[] this[string key]
    {
        get => File.ReadAllBytes(key);
        set => Write(key, value);
    }

    public bool ContainsKey(string key) => File.Exists(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out byte[] value)
    {
        value = File.Exists(key) ? File.ReadAllBytes(key) : null;
        return value is not null;
    }

    public void Add(string key, byte[] value) => Write(key, value);

    public void Add(KeyValuePair<string, byte[]> item) => Write(item.Key, item.Value);

    public bool Remove(string key)
    {
        var present = File.Exists(key);
        File.Delete(key);
        return present;
    }

    public bool Remove(KeyValuePair<string, byte[]> item) => Remove(item.Key);

    public void Clear()
    {
        foreach (var key in Keys)
        {
            File.Delete(key);
        }
    }

    public bool Contains(KeyValuePair<string, byte[]> item) => TryGetValue(item.Key, out var value) && value.AsSpan().SequenceEqual(item.Value);

    public void CopyTo(KeyValuePair<string, byte[]>[] array, int arrayIndex)
    {
        foreach (var pair in this)
        {
            array[arrayIndex++] = pair;
        }
    }

    public IEnumerator<KeyValuePair<string, byte[]>> GetEnumerator() =>
        Keys.Select(key => KeyValuePair.Create(key, File.ReadAllBytes(key))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Write(string key, byte[] value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(key, options);
        file.Write(value);
    }
}
