using WaMigration.Benchmarks.Copying;
using WaMigration.Benchmarks.Downtime;

namespace WaMigration.Benchmarks;

/// <summary>The benchmarks by name. Each prints its table and says whether what must hold was held.</summary>
internal static class Benchmarks
{
    internal static IReadOnlyDictionary<string, Func<string[], CancellationToken, Task<bool>>> All { get; } =
        new Dictionary<string, Func<string[], CancellationToken, Task<bool>>>(StringComparer.OrdinalIgnoreCase)
        {
            ["copy"] = CopyBenchmark.RunAsync,
            ["downtime"] = DowntimeBenchmark.RunAsync,
            ["downtime-databases"] = DatabaseDowntimeBenchmark.RunAsync,
            ["import"] = ImportBenchmark.RunAsync,
        };
}
