using WaLab;
using WaLab.Proxies;
using WaLab.Runs;
using WaMigration.Tests.Infrastructure;
using Xunit.Sdk;

namespace WaMigration.Tests.Kills;

/// <summary>Runs Option 1 on a lab, kills it at a point, runs it again, and looks at what came of it.</summary>
internal static class MigrationUnderKill
{
    private static readonly LabTopology Small = new(1, 2, 1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>One run that nothing disturbs: what the others are compared with.</summary>
    internal static Task CheckUndisturbedAsync(CancellationToken cancellation) => CheckAsync(null, HoldPoint.BeforeRequest, cancellation);

    internal static Task CheckAsync(int step, HoldPoint when, CancellationToken cancellation) =>
        CheckAsync(KillPoint.All.Single(p => p.Step == step), when, cancellation);

    private static async Task CheckAsync(KillPoint? point, HoldPoint when, CancellationToken cancellation)
    {
        // Undisturbed in the full shape; killed in the smallest one that has a spare of what fails over.
        var options = point is null ? new LabOptions() : new LabOptions { Topology = Small };
        await using var lab = await Lab.StartAsync(options, cancellation);
        var oldContainers = lab.Old.ContainerNames;
        var before = await lab.Service.GetNumberAsync(lab.Number, cancellation);
        var oldDatabases = await lab.ListDatabasesAsync(lab.Old, cancellation);

        if (point is not null)
        {
            await KillAtAsync(lab, point, when, cancellation);
        }

        await using var second = await StartAsync(lab, cancellation);
        var code = await second.WaitAsync(Patience, cancellation);

        Assert.True(code == 0, $"The second run ended with {code}:{Environment.NewLine}{second.Output}");
        Assert.Contains("state AwaitingRetention", second.Output, StringComparison.Ordinal);
        for (var number = 1; number <= 10; number++)
        {
            Assert.Matches($"(?m)^{number} Done", second.Output);
        }

        await CheckServiceAsync(lab, before, cancellation);
        await CheckSidesAsync(lab, oldContainers, oldDatabases, cancellation);
    }

    private static async Task KillAtAsync(Lab lab, KillPoint point, HoldPoint when, CancellationToken cancellation)
    {
        // The last step only looks, and so do earlier ones: what it asks is told apart by when it asks.
        Func<bool>? onlyWhile = point.Step == 10 ? () => IsInLastStep(lab) : null;
        using var hold = lab.HoldAt(point.Link, point.Method, point.Path, when, point.Occurrence, onlyWhile);
        await using var first = await StartAsync(lab, cancellation);
        await first.ExpectRunningAsync(hold.Arrived, Patience);
        await first.KillAsync();
        await hold.ClientGone.WaitAsync(Patience, cancellation);
    }

    private static bool IsInLastStep(Lab lab)
    {
        using var stream = new FileStream(Path.Combine(MigrationFolder(lab), "events.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Any(line =>
            line.Contains("\"step-started\"", StringComparison.Ordinal) && line.Contains("\"10\"", StringComparison.Ordinal));
    }

    private static async Task CheckServiceAsync(Lab lab, WaLab.Service.ServiceNumber before, CancellationToken cancellation)
    {
        var after = await lab.Service.GetNumberAsync(lab.Number, cancellation);
        Assert.True(after.Registered);
        Assert.Equal(before.RegistrationId, after.RegistrationId);
        Assert.Equal(before.RegisteredAt, after.RegisteredAt);
        Assert.Equal(0, after.Removed);
        Assert.Equal(0, after.Renewed);
        Assert.Equal(before.RegistrationAttempts, after.RegistrationAttempts);
        Assert.Equal(1, after.Restores);
        Assert.Equal(before.IdentityUploads + 1, after.IdentityUploads);
        Assert.Equal(0, after.Kicks);
        Assert.Equal(0, after.KeyErrors);
        Assert.Equal(0, after.CounterErrors);
        Assert.Equal(0, after.DuplicateMessages);
        Assert.True(after.TwoStep);
        Assert.Single(after.Connected.Select(node => node.Client).Distinct());
    }

    private static async Task CheckSidesAsync(Lab lab, IReadOnlyList<string> oldContainers, IReadOnlyList<string> oldDatabases, CancellationToken cancellation)
    {
        Assert.Empty(lab.Old.ContainerNames.Intersect(oldContainers));
        Assert.Equal(oldDatabases, await lab.ListDatabasesAsync(lab.Old, cancellation));
        var topology = lab.New.Topology;
        Assert.Equal(topology.Masters + topology.Coreapps + topology.Webapps, lab.New.ContainerNames.Count);
        lab.New.Password = lab.New.NewPassword;
        await lab.New.WaitHealthyAsync(TimeSpan.FromSeconds(5), cancellation);

        var id = await lab.New.SendMessageAsync("After the migration", cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), cancellation);
    }

    private static string MigrationFolder(Lab lab) => SettingsMigrationRun.FolderIn(lab);

    private static Task<ShellRun> StartAsync(Lab lab, CancellationToken cancellation) =>
        SettingsMigrationRun.StartAsync(lab, ModuleUnderTest.ShellAssembly, ModuleUnderTest.RepositoryRoot, cancellation);
}
