namespace WaMigration.Containers.Docker;

/// <summary>Takes one block out of a PEM text.</summary>
internal static class Pem
{
    /// <summary>The first block of that label; null where there is none.</summary>
    internal static byte[]? Read(string text, string label)
    {
        var begin = $"-----BEGIN {label}-----";
        var start = text.IndexOf(begin, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += begin.Length;
        var end = text.IndexOf($"-----END {label}-----", start, StringComparison.Ordinal);
        return end < 0 ? null : Convert.FromBase64String(text.Substring(start, end - start).Trim());
    }
}
