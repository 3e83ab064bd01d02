using System.Globalization;
using System.Text;

namespace WaMigration.Tests.Shell;

/// <summary>What stands on a terminal in the end: as much of its language as the shell speaks.</summary>
internal static class TerminalScreen
{
    public static IReadOnlyList<string> Show(string output, int width)
    {
        List<StringBuilder> rows = [new()];
        var (row, column) = (0, 0);
        for (var i = 0; i < output.Length; i++)
        {
            switch (output[i])
            {
                case '\r':
                    column = 0;
                    break;
                case '\n':
                    row++;
                    break;
                case '\b':
                    column = Math.Max(0, column - 1);
                    break;
                case '\a':
                    break;
                case '\e' when output[i + 1] == '[':
                    var end = i + 2;
                    while (!char.IsAsciiLetter(output[end]))
                    {
                        end++;
                    }

                    var count = int.TryParse(output[(i + 2)..end], CultureInfo.InvariantCulture, out var n) ? n : 1;
                    switch (output[end])
                    {
                        case 'A':
                            row = Math.Max(0, row - count);
                            break;
                        case 'C':
                            column += count;
                            break;
                        case 'J':
                            rows[row].Length = Math.Min(rows[row].Length, column);
                            rows.RemoveRange(row + 1, rows.Count - row - 1);
                            break;
                        default:
                            break;
                    }

                    i = end;
                    break;
                case '\e':
                    i++;
                    break;
                default:
                    if (column == width)
                    {
                        (row, column) = (row + 1, 0);
                    }

                    Put(rows, row, column++, output[i]);
                    break;
            }

            while (rows.Count <= row)
            {
                rows.Add(new StringBuilder());
            }
        }

        return [.. rows.Select(r => r.ToString().TrimEnd()).Where(r => r.Length > 0)];
    }

    private static void Put(List<StringBuilder> rows, int row, int column, char c)
    {
        while (rows.Count <= row)
        {
            rows.Add(new StringBuilder());
        }

        var line = rows[row];
        line.Append(' ', Math.Max(0, column + 1 - line.Length));
        line[column] = c;
    }
}
