using System.Globalization;

namespace WaMigration.Benchmarks;

/// <summary>Prints series as a table: medians with their spread, and each in relation to the first.</summary>
internal static class ResultTable
{
    internal static void Print(params IReadOnlyList<Series> series)
    {
        var width = series.Max(s => s.Name.Length);
        Console.WriteLine($"{"".PadRight(width)}  {"median",10}  {"smallest",10}  {"largest",10}  {"ratio",6}");
        foreach (var one in series)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Name.PadRight(width)}  {one.Median,7:F1} ms  {one.Smallest,7:F1} ms  {one.Largest,7:F1} ms  {one.Median / series[0].Median,6:F2}"));
        }
    }
}
