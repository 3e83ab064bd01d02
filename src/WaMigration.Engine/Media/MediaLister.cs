using System.Globalization;
using WaMigration.Containers;

namespace WaMigration.Media;

/// <summary>
/// Lists and hashes a volume where it lies, by find, stat and sha256sum of the image. What does not look exactly as it
/// should is not believed: then the answer is null, and everything is read.
/// </summary>
internal sealed class MediaLister(IDockerHost host, ContainerDefinition definition, string folder)
{
    private const string Begin = "wamigration-begin";
    private const string End = "wamigration-end";
    private const int HashLength = 64;

    /// <summary>All names together must stay below what a command may be given.</summary>
    private const int MostNames = 2000;
    private const int KindMask = 0xF000;
    private const int FileKind = 0x8000;
    private const int FolderKind = 0x4000;
    private const int LinkKind = 0xA000;
    private const int Permissions = 0xFFF;

    internal async Task<IReadOnlyDictionary<string, MediaEntry>?> ListAsync(CancellationToken cancellation)
    {
        var lines = await RunAsync("find . -exec stat -c '%f %s %Y %u %g %n' {} +", [], cancellation).ConfigureAwait(false);
        if (lines is null)
        {
            return null;
        }

        var entries = new Dictionary<string, MediaEntry>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (Parse(line) is not { } entry)
            {
                return null;
            }

            entries[entry.Name] = entry;
        }

        return entries.ContainsKey(MediaEntry.Root) ? entries : null;
    }

    internal async Task<IReadOnlyDictionary<string, string>?> HashAsync(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < names.Count; at += MostNames)
        {
            var some = names.Skip(at).Take(MostNames).Select(name => "./" + name).ToList();
            if (await RunAsync("sha256sum \"$@\"", some, cancellation).ConfigureAwait(false) is not { } lines)
            {
                return null;
            }

            foreach (var line in lines)
            {
                // Two characters stand between: a space, and the mode.
                if (line.Length < HashLength + 5 || line[HashLength] != ' ' || !line.Take(HashLength).All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f')))
                {
                    return null;
                }

                hashes[line.Substring(HashLength + 4)] = line.Substring(0, HashLength);
            }
        }

        return hashes;
    }

    /// <summary>The lines between the marks; null where a tool is missing or anything but a file that has just gone was complained of.</summary>
    private async Task<IReadOnlyList<string>?> RunAsync(string command, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        ProgramOutput output;
        try
        {
            output = await host.RunProgramAsync(
                definition with
                {
                    Name = definition.Name + "-" + Guid.NewGuid().ToString("N").Substring(0, 8),
                    Command = ["-c", $"export LC_ALL=C; cd '{folder}' && echo {Begin} && {{ {command}; echo {End}; }}", "sh", .. names],
                },
                cancellation).ConfigureAwait(false);
        }
        catch (WaException refused) when (refused.Kind == ContainerErrors.ContainerWouldNotStart)
        {
            return null;
        }

        var lines = output.Lines;
        return lines.Count >= 2
            && lines[0] == Begin
            && lines[lines.Count - 1] == End
            && output.Errors.All(line => line.Has("No such file or directory"))
            ? lines.Skip(1).Take(lines.Count - 2).ToList()
            : null;
    }

    private static MediaEntry? Parse(string line)
    {
        var parts = line.Split([' '], 6);
        if (parts.Length != 6
            || !int.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mode)
            || !Number(parts[1], out var size)
            || !Number(parts[2], out var time)
            || !Number(parts[3], out var user)
            || !Number(parts[4], out var group)
            || KindOf(mode) is not { } kind
            || NameOf(parts[5]) is not { } name)
        {
            return null;
        }

        return new MediaEntry
        {
            Name = name,
            Kind = kind,
            Size = kind == MediaKind.Folder ? 0 : size,
            Mode = mode & Permissions,
            UserId = user,
            GroupId = group,
            ModifiedAt = time,
        };
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static MediaKind? KindOf(int mode) => (mode & KindMask) switch
    {
        FileKind => MediaKind.File,
        FolderKind => MediaKind.Folder,
        LinkKind => MediaKind.Link,
        _ => null,
    };

    /// <summary>Names with signs that the tools write otherwise are not for them.</summary>
    private static string? NameOf(string said) => said == "."
        ? MediaEntry.Root
        : said.StartsWith("./", StringComparison.Ordinal) && !said.Any(c => char.IsControl(c) || c is '\\' or '\ufffd') ? said.Substring(2) : null;
}
