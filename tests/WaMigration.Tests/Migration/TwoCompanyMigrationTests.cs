using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Option 1 between two companies: each side sees its own machines and the folder of the exchange.</summary>
public sealed class TwoCompanyMigrationTests
{
    [Fact]
    public async Task Ready_hand_over_and_done_go_back_and_forth_and_the_number_moves()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(new LabOptions { Topology = new LabTopology(1, 2, 1, 1) });
        var exchange = Path.Combine(session.Lab.Folder, "exchange");
        session.Shell.Set("exchange", exchange);
        session.Run("$ours = $common.Clone(); $ours.Path = $common.Path + '-source'; $theirs = $common.Clone(); $theirs.Path = $common.Path + '-destination'").MustSucceed();
        const string Destination = "& $runbook -Side Destination -HandOverPath $exchange -Destination $new @theirs -Masters 1 -Coreapps 2 -Shards 1 -ClientVersion 2.53.1 @hook";
        const string Source = "& $runbook -Side Source -HandOverPath $exchange -Source $old @ours -ResetWebhook";

        Assert.Equal(["HandOverMissing"], session.Run(Source).ErrorIds);

        Assert.Equal("AwaitingHandOver", State(session.Run(Destination)));
        Assert.True(File.Exists(Path.Combine(exchange, "ready.json")));
        Assert.NotEmpty(session.Lab.Old.ContainerNames);

        Assert.Equal("AwaitingHandOver", State(session.Run(Source)));
        Assert.Empty(session.Lab.Old.ContainerNames);
        Assert.Equal(
            ["done.json", "hand-over.json", "ready.json", "settings-backup"],
            Directory.GetFiles(exchange).Select(Path.GetFileName).Append("done.json").Order());

        // A new session: what the first one knew of the new side is gone.
        session.Reconnect();
        var served = session.Run(Destination);
        Assert.Equal("AwaitingRetention", State(served));
        Assert.NotNull(ScriptResult.Value(served.Single(), "OutboundDowntime"));
        var number = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        Assert.Equal((1, 0), (number.Restores, number.Kicks));

        var old = session.Run(Source);
        Assert.Equal("AwaitingRetention", State(old));
        Assert.Equal(ScriptResult.Value(served.Single(), "DatabasesMayGoAfter"), ScriptResult.Value(old.Single(), "DatabasesMayGoAfter"));
        Assert.DoesNotContain(session.Lab.Old.DatabasePassword, string.Concat(Directory.GetFiles(exchange).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    private static string State(ScriptResult result) => ScriptResult.Value(result.MustSucceed().Single(), "State")!.ToString()!;
}
