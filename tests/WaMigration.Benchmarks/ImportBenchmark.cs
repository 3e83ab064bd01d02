using System.Globalization;

namespace WaMigration.Benchmarks;

/// <summary>
/// What importing the module costs a session: the median over fresh processes, less that of a manifest with nothing
/// in it, which is PowerShell's own share. Also holds that the import loads the cmdlet assembly and nothing else.
/// </summary>
internal static class ImportBenchmark
{
    private const int Processes = 9;
    private const double Goal = 100;

    internal static async Task<bool> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var empty = new Series("empty manifest");
        var module = new Series("WaMigration");
        IReadOnlyList<string> loaded = [];
        var folder = Directory.CreateTempSubdirectory("wamigration-benchmark-");
        try
        {
            var emptyManifest = Path.Combine(folder.FullName, "Empty.psd1");
            await File.WriteAllTextAsync(emptyManifest, "@{ ModuleVersion = '1.0' }", cancellation);

            // In turns, so that whatever else the machine does meets both alike.
            for (var i = 0; i < Processes; i++)
            {
                empty.Add((await ImportAsync(emptyManifest, cancellation)).Milliseconds);
                var (milliseconds, assemblies) = await ImportAsync(BuiltModule.Manifest, cancellation);
                module.Add(milliseconds);
                loaded = assemblies;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        ResultTable.Print(empty, module);
        var difference = module.Median - empty.Median;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The module's own share: {difference:F1} ms (goal: below {Goal:F0} ms, {(difference < Goal ? "reached" : "missed")})."));

        string[] wanted = [Path.Combine(BuiltModule.Folder, "net8.0", "WaMigration.dll")];
        var alone = loaded.SequenceEqual(wanted);
        Console.WriteLine(alone
            ? "The import loads the cmdlet assembly alone."
            : "The import loads more than the cmdlet assembly: " + string.Join(", ", loaded));
        return alone && difference < Goal;
    }

    private static async Task<(double Milliseconds, IReadOnlyList<string> Loaded)> ImportAsync(string manifest, CancellationToken cancellation)
    {
        var lines = await FreshShell.RunAsync(
            $$"""
            $watch = [Diagnostics.Stopwatch]::StartNew()
            Import-Module '{{manifest}}'
            $watch.Elapsed.TotalMilliseconds.ToString([Globalization.CultureInfo]::InvariantCulture)
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not $_.IsDynamic } | ForEach-Object { $_.Location }
            """,
            cancellation);
        return (
            double.Parse(lines[0], CultureInfo.InvariantCulture),
            [.. lines.Skip(1).Where(location => location.StartsWith(BuiltModule.Folder, StringComparison.Ordinal))]);
    }
}
