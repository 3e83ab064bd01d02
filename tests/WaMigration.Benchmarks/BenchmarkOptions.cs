using System.Globalization;
using WaLab.Servers;

namespace WaMigration.Benchmarks;

/// <summary>What a benchmark was asked for: <c>[share] [--engine name] [--rounds number]</c>.</summary>
/// <param name="Share">Of a gigabyte.</param>
/// <param name="Engine">What the databases are on.</param>
/// <param name="Rounds">How often each thing is measured.</param>
internal sealed record BenchmarkOptions(double Share, LabDatabaseEngine Engine, int Rounds)
{
    internal static BenchmarkOptions Parse(string[] arguments, int rounds) => new(
        arguments.Length > 0 && !arguments[0].StartsWith("--", StringComparison.Ordinal) ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 1,
        Option(arguments, "--engine") is { } name ? Enum.Parse<LabDatabaseEngine>(name, ignoreCase: true) : LabDatabaseEngine.PostgreSql,
        Option(arguments, "--rounds") is { } many ? int.Parse(many, CultureInfo.InvariantCulture) : rounds);

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
