using System.Text.RegularExpressions;

namespace WaMigration.Media.Archives;

/// <summary>Names that every file system takes as they are.</summary>
internal static class PlainNames
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private const int Longest = 200;

    internal static bool IsUsable(string name) =>
        name.Length <= Longest
        && name.Split('/').All(part =>
            Regex.IsMatch(part, @"^[A-Za-z0-9][A-Za-z0-9._-]*$", RegexOptions.None, Limit)
            && !part.EndsWith(".", StringComparison.Ordinal)
            && !part.EndsWith(Security.PrivateFiles.TemporarySuffix, StringComparison.OrdinalIgnoreCase)
            && !Regex.IsMatch(part, @"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", RegexOptions.IgnoreCase, Limit));
}
