using System.Management.Automation.Language;

namespace WaMigration.Shell;

/// <summary>
/// Completes the paths of files and folders. The engine's own completion asks commands for them that the engine alone
/// does not have.
/// </summary>
internal static class PathCompleter
{
    public static Completions? Complete(string text, int cursor)
    {
        var start = StartOfWord(text, cursor);
        var typed = text[start..cursor];
        var quoted = typed.Length > 0 && typed[0] is '\'' or '"';
        var path = quoted ? typed[1..] : typed;
        var slash = path.LastIndexOfAny(['/', Path.DirectorySeparatorChar]) + 1;
        var folder = path[..slash];
        var beginning = path[slash..];
        var matches = Entries(folder)
            .Where(e => e.Name.StartsWith(beginning, Comparison) && (beginning.Length > 0 || e.Name[0] != '.'))
            .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
            .Select(e => Quote(folder + e.Name, quoted))
            .ToList();
        return matches.Count > 0 ? new Completions(start, cursor - start, matches) : null;
    }

    private static StringComparison Comparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static IEnumerable<FileSystemInfo> Entries(string folder)
    {
        var place = folder.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[2..])
            : Path.GetFullPath(folder.Length == 0 ? "." : folder);
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 };
        return Directory.Exists(place) ? new DirectoryInfo(place).EnumerateFileSystemInfos("*", options) : [];
    }

    private static int StartOfWord(string text, int cursor)
    {
        var quote = '\0';
        var start = 0;
        for (var i = 0; i < cursor; i++)
        {
            if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '\'' or '"')
            {
                (quote, start) = (text[i], i);
            }
            else if (char.IsWhiteSpace(text[i]) || text[i] is ';' or '|' or '(' or ',' or '{' or '=')
            {
                start = i + 1;
            }
        }

        return start;
    }

    private static string Quote(string path, bool quoted) => quoted || path.Any(IsSpecial)
        ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(path)}'"
        : path;

    private static bool IsSpecial(char c) => char.IsWhiteSpace(c) || "'\"`$&;|(){}[]<>,@#".Contains(c, StringComparison.Ordinal);
}
