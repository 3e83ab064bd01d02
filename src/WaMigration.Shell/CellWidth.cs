using System.Text;

namespace WaMigration.Shell;

/// <summary>How many columns a text takes on a terminal.</summary>
internal static class CellWidth
{
    public static int Of(char c) => char.IsSurrogate(c) ? 1 : Of(new Rune(c));

    /// <summary>The columns of a text without its escape sequences.</summary>
    public static int Of(string text)
    {
        var width = 0;
        var plain = text.Contains('\e', StringComparison.Ordinal)
            ? new System.Management.Automation.Internal.StringDecorated(text).ToString(System.Management.Automation.OutputRendering.PlainText)
            : text;
        foreach (var rune in plain.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    private static int Of(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.EnclosingMark
            or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.Control)
        {
            return 0;
        }

        return IsWide(rune.Value) ? 2 : 1;
    }

    // East Asian Wide and Fullwidth of Unicode's EastAsianWidth.txt, in blocks.
    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115F)
        or (>= 0x2E80 and <= 0x303E)
        or (>= 0x3041 and <= 0xA4CF)
        or (>= 0xA960 and <= 0xA97C)
        or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F)
        or (>= 0x1F900 and <= 0x1F9FF)
        or (>= 0x20000 and <= 0x3FFFD);
}
