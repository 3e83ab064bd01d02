using System.Globalization;
using System.Text.RegularExpressions;
using WaLab;
using WaLab.Proxies;
using WaLab.Runs;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Kills;

/// <summary>Runs a migration on a lab, kills it at a point, runs it again, and looks at what came of it.</summary>
internal static class MigrationUnderKill
{
    /// <summary>
    /// What the process of a migration may take at its peak, whatever it moves. Without any data it is at 200 to 220 here: this
    /// host compiles PowerShell itself while it runs, which a PowerShell that is installed does not.
    /// </summary>
    private const int MostMegabytes = 280;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>As few nodes as a client has.</summary>
    internal static LabTopology Small { get; } = new(1, 2, 1, 1);

    /// <summary>One run that nothing disturbs: what the others are compared with.</summary>
    internal static Task CheckUndisturbedAsync(CancellationToken cancellation) => CheckAsync(new LabOptions(), [], cancellation);

    /// <summary>Killed in every step of an option, one after the other.</summary>
    internal static Task CheckEveryStepAsync(int option, LabOptions options, HoldPoint when, CancellationToken cancellation) =>
        CheckAsync(options, [.. KillPoint.Of(option).Select(point => (point, when))], cancellation, option);

    internal static Task CheckAsync(int option, LabOptions options, int step, HoldPoint when, CancellationToken cancellation) =>
        CheckAsync(options, [(KillPoint.Of(option).Single(p => p.Step == step), when)], cancellation, option);

    /// <summary>Runs it on that lab, killed at those points one after the other; what is left is done by one more run.</summary>
    internal static async Task CheckAsync(LabOptions options, IReadOnlyList<(KillPoint Point, HoldPoint When)> kills, CancellationToken cancellation, int option = 1)
    {
        await using var lab = await Lab.StartAsync(options, cancellation);
        var before = await StateBeforeMigration.ReadAsync(lab, cancellation);
        foreach (var (point, when) in kills)
        {
            await KillAtAsync(lab, point, when, cancellation, option);
        }

        await CompleteAsync(lab, before, cancellation, option);
    }

    /// <summary>Runs it to its end, and looks at what came of it.</summary>
    internal static async Task CompleteAsync(Lab lab, StateBeforeMigration before, CancellationToken cancellation, int option = 1)
    {
        await using var last = await StartAsync(lab, cancellation, option);
        var code = await last.WaitAsync(Patience, cancellation);

        Assert.True(code == 0, $"The last run ended with {code}:{Environment.NewLine}{last.Output}");
        Assert.Contains("state AwaitingRetention", last.Output, StringComparison.Ordinal);
        var peak = int.Parse(Regex.Match(last.Output, @"(?m)^peak (\d+) MB\r?$").Groups[1].Value, CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage("Peak of the migration's process: {0} MB", peak);
        Assert.InRange(peak, 1, MostMegabytes);
        foreach (var point in KillPoint.Of(option))
        {
            Assert.Matches($"(?m)^{point.Step} Done", last.Output);
        }

        await CheckServiceAsync(lab, before.Number, option == 1 ? 1 : 0, cancellation);
        await CheckSidesAsync(lab, before, option, cancellation);
    }

    /// <summary>Runs it until that request, and kills it there.</summary>
    internal static async Task KillAtAsync(Lab lab, KillPoint point, HoldPoint when, CancellationToken cancellation, int option = 1)
    {
        using var hold = lab.HoldAt(point.Link, point.Method, point.Path, when, point.Occurrence, point.OnlyWhile(MigrationFolder(lab)));
        await using var run = await StartAsync(lab, cancellation, option);
        await run.ExpectRunningAsync(hold.Arrived, Patience);
        await run.KillAsync();
        await hold.ClientGone.WaitAsync(Patience, cancellation);
    }

    internal static Task<ShellRun> StartAsync(Lab lab, CancellationToken cancellation, int option = 1) =>
        MigrationScript.StartAsync(lab, ModuleUnderTest.ShellAssembly, ModuleUnderTest.RepositoryRoot, option, cancellation: cancellation);

    private static async Task CheckServiceAsync(Lab lab, WaLab.Service.ServiceNumber before, int restores, CancellationToken cancellation)
    {
        var after = await lab.Service.GetNumberAsync(lab.Number, cancellation);
        Assert.True(after.Registered);
        Assert.Equal(before.RegistrationId, after.RegistrationId);
        Assert.Equal(before.RegisteredAt, after.RegisteredAt);
        Assert.Equal(0, after.Removed);
        Assert.Equal(0, after.Renewed);
        Assert.Equal(before.RegistrationAttempts, after.RegistrationAttempts);
        Assert.Equal(restores, after.Restores);
        Assert.Equal(before.IdentityUploads + restores, after.IdentityUploads);
        Assert.Equal(0, after.Kicks);
        Assert.Equal(0, after.KeyErrors);
        Assert.Equal(0, after.CounterErrors);
        Assert.Equal(0, after.DuplicateMessages);
        Assert.True(after.TwoStep);
        Assert.Single(after.Connected.Select(node => node.Client).Distinct());
    }

    private static async Task CheckSidesAsync(Lab lab, StateBeforeMigration before, int option, CancellationToken cancellation)
    {
        Assert.Empty(lab.Old.ContainerNames.Intersect(before.OldContainers));
        Assert.Equal(before.OldDatabases, await lab.ListDatabasesAsync(lab.Old, cancellation));
        var topology = lab.New.Topology;
        Assert.Equal(topology.Masters + topology.Coreapps + topology.Webapps, lab.New.ContainerNames.Count);
        lab.New.Password = option == 3 ? lab.Old.Password : lab.New.NewPassword;
        await lab.New.WaitHealthyAsync(TimeSpan.FromSeconds(5), cancellation);

        var id = await lab.New.SendMessageAsync("After the migration", cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), cancellation);
    }

    private static string MigrationFolder(Lab lab) => MigrationScript.FolderIn(lab);
}
