namespace WaMigration;

/// <summary>Small things that the two runtimes spell differently.</summary>
internal static class TextExtensions
{
    /// <summary>Whether it contains the part, in whatever case.</summary>
    internal static bool Has(this string text, string part) =>
#if NET
        text.Contains(part, StringComparison.OrdinalIgnoreCase);
#else
        text.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
#endif

    /// <summary>At most that many characters, with a mark where something was cut off.</summary>
    internal static string Shorten(this string text, int length) =>
#if NET
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
#else
        text.Length <= length ? text : text.Substring(0, length) + "…";
#endif
}
