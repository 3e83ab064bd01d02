using System.Globalization;
using WaLab;
using WaLab.Runs;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>
/// The outbound downtime of Option 1 less what the client itself needs to stop, restore and connect (its own log says
/// how long): what is left is ours. Medians over fresh processes.
/// </summary>
internal static class DowntimeBenchmark
{
    private const int Processes = 9;
    private const double Goal = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    internal static async Task<bool> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var shell = Path.Combine(AppContext.BaseDirectory, "WaMigration.Shell.dll");
        var repository = Path.GetFullPath(Path.Combine(BuiltModule.Folder, "..", ".."));
        var series = DowntimeParts.Columns.Select(column => (Series: new Series(column.Name), column.Pick)).ToList();
        for (var round = 0; round < Processes; round++)
        {
            await using var lab = await Lab.StartAsync(new LabOptions { ProxyLinks = false }, cancellation);
            await using var run = await MigrationScript.StartAsync(lab, shell, repository, cancellation: cancellation);
            if (await run.WaitAsync(Patience, cancellation) != 0)
            {
                Console.WriteLine("The migration failed:" + Environment.NewLine + run.Output);
                return false;
            }

            var events = JournalEvents.Read(MigrationScript.FolderIn(lab));
            var parts = DowntimeParts.From(events, await lab.Service.GetLogAsync(cancellationToken: cancellation));
            series.ForEach(one => one.Series.Add(one.Pick(parts)));
        }

        ResultTable.Print([.. series.Select(one => one.Series)]);
        var ours = series.Single(one => one.Series.Name == DowntimeParts.OursName).Series.Median;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Option 1, outbound: {ours:F0} ms are ours (goal: below {Goal:F0} ms, {(ours < Goal ? "reached" : "missed")}); the rest is the client's own stopping, restoring and connecting."));
        return ours < Goal;
    }
}
