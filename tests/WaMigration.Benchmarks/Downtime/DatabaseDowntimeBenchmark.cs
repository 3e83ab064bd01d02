using System.Globalization;
using WaLab;
using WaLab.Runs;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>
/// The downtime of Option 3 beside the guide's own way, each from an old client of its own with as much in it: by the
/// migration's record, and by an application that sends all the time. The first argument is the share of 1 GB; --engine
/// PostgreSql|MariaDb|MySql; --rounds how often. One message in a hundred changes between the last copy made
/// beforehand and the downtime.
/// </summary>
internal static class DatabaseDowntimeBenchmark
{
    private const double Goal = 0.2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(60);

    /// <summary>What of the journal ends each part; the old client's going begins the first.</summary>
    private static readonly (string Name, string Kind)[] Parts =
    [
        ("the old client stops and goes", "client-removed"),
        ("proof that it is gone", "databases-copying"),
        ("databases: what differs, and the proof of all", "databases-copied"),
        ("media", "media-copied"),
        ("cluster table", "cluster-cleaned"),
        ("to the start of the new client", "client-starting"),
        ("until it is healthy", "healthy"),
    ];

    internal static async Task<bool> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var (share, engine, rounds) = BenchmarkOptions.Parse(arguments, rounds: 1);
        var guide = new Series("the guide's way, by the application");
        var felt = new Series("ours, by the application");
        var recorded = new Series("ours, outbound by the record");
        var inbound = new Series("ours, inbound by the record");
        var guideParts = new List<Series>();
        var ourParts = Parts.Select(part => new Series("    " + part.Name)).ToList();
        var peak = 0;
        for (var round = 0; round < rounds; round++)
        {
            await using (var lab = await StartAsync(engine, share, cancellation))
            {
                var (parts, longest) = await GuideAsync(lab, cancellation);
                guide.Add(longest.TotalMilliseconds);
                guideParts = guideParts.Count > 0 ? guideParts : [.. parts.Select(part => new Series("    " + part.Part))];
                for (var at = 0; at < parts.Count; at++)
                {
                    guideParts[at].Add(parts[at].Seconds * 1000);
                }
            }

            await using (var lab = await StartAsync(engine, share, cancellation))
            {
                var ours = await OursAsync(lab, cancellation);
                felt.Add(ours.Longest.TotalMilliseconds);
                peak = Math.Max(peak, ours.Peak);
                var events = JournalEvents.Read(MigrationScript.FolderIn(lab.Lab));
                var begin = events.Last(e => e is { Kind: "webapp-stopping", Setup: "old" }).At;
                var set = events.Last(e => e is { Kind: "webhook-set", Setup: "new" }).At;
                recorded.Add((events.First(e => e is { Kind: "healthy", Setup: "new" } && e.At >= begin).At - begin).TotalMilliseconds);
                inbound.Add((events.First(e => e is { Kind: "healthy", Setup: "new" } && e.At >= set).At - begin).TotalMilliseconds);
                for (var (at, from) = (0, begin); at < Parts.Length; at++)
                {
                    var to = events.First(e => e.Kind == Parts[at].Kind && e.At >= from).At;
                    ourParts[at].Add((to - from).TotalMilliseconds);
                    from = to;
                }
            }
        }

        ResultTable.Print([guide, .. guideParts, felt, recorded, inbound, .. ourParts]);
        var ratio = felt.Median / guide.Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The module's process had at most {peak} MB."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine}, {share} GB: {ratio:F2} of the guide's downtime (goal: at most {Goal:F2}, {(ratio <= Goal ? "reached" : "missed")})"));
        return ratio <= Goal;
    }

    /// <summary>A lab on a database server of its own, with an old client that has a lot behind it.</summary>
    private static async Task<SeededLab> StartAsync(LabDatabaseEngine engine, double share, CancellationToken cancellation)
    {
        var seeded = await SeededLab.StartAsync(engine, share, cancellation);
        var server = await seeded.Lab.DescribeDatabaseServerAsync(cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server}: messages and receipts of {seeded.Megabytes:F0} MB"));
        return seeded;
    }

    private static async Task<(IReadOnlyList<(string Part, double Seconds)> Parts, TimeSpan Longest)> GuideAsync(SeededLab seeded, CancellationToken cancellation)
    {
        var lab = seeded.Lab;
        await using var prober = await SendProber.StartAsync(lab, cancellation);
        var parts = await new GuideWay(lab, seeded.Folder).RunAsync(cancellation);
        await prober.WaitForNewAsync(TimeSpan.FromMinutes(2), cancellation);
        return (parts, prober.Longest);
    }

    private static async Task<(TimeSpan Longest, int Peak)> OursAsync(SeededLab seeded, CancellationToken cancellation)
    {
        var lab = seeded.Lab;
        await using var prober = await SendProber.StartAsync(lab, cancellation);
        await RunAsync(lab, pauseBefore: 1, cancellation);
        var running = RunAsync(lab, pauseBefore: null, cancellation);
        await CopiedAsync(lab, times: 2, running, cancellation);
        await seeded.Seed.ChangeAsync(cancellation);
        var output = await running;
        await prober.WaitForNewAsync(TimeSpan.FromMinutes(2), cancellation);
        var peak = output.Split('\n').Single(line => line.StartsWith("peak ", StringComparison.Ordinal)).Split(' ')[1];
        return (prober.Longest, int.Parse(peak, CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for the end of the last copy that is made beforehand.</summary>
    private static async Task CopiedAsync(Lab lab, int times, Task running, CancellationToken cancellation)
    {
        while (!running.IsCompleted && JournalEvents.Read(MigrationScript.FolderIn(lab)).Count(e => e.Kind == "databases-copied") < times)
        {
            await Task.Delay(10, cancellation);
        }
    }

    private static async Task<string> RunAsync(Lab lab, int? pauseBefore, CancellationToken cancellation)
    {
        var shell = Path.Combine(AppContext.BaseDirectory, "WaMigration.Shell.dll");
        var repository = Path.GetFullPath(Path.Combine(BuiltModule.Folder, "..", ".."));
        await using var run = await MigrationScript.StartAsync(lab, shell, repository, option: 3, pauseBefore, cancellation);
        return await run.WaitAsync(Patience, cancellation) == 0
            ? run.Output
            : throw new InvalidOperationException("The migration failed:" + Environment.NewLine + run.Output);
    }
}
