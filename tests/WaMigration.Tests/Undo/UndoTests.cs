using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Undo;

/// <summary>The undo of a finished migration, its plan, and what is written down.</summary>
public sealed class UndoTests
{
    [Fact]
    public async Task A_finished_migration_is_undone_and_the_record_says_so()
    {
        await using var session = await UndoSession.StartAsync();
        session.Migrate();

        var result = session.Undo();

        session.Set("m", result.MustSucceed().Single());
        Assert.Equal("Undone Source", session.Run("\"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.Equal(
            Enumerable.Range(1, 6).Select(number => number + " Done"),
            session.Run("$m.Undo.Steps | ForEach-Object { \"$($_.Number) $($_.State)\" }").MustSucceed().Output.Select(line => line.ToString()));
        Assert.Equal("True True", session.Run("\"$($m.OutboundDowntime.IsOver) $($m.InboundDowntime.IsOver)\"").Single().ToString());
        Assert.Contains("Test-WaHealth", session.Run("$m.NextCommand").Single().ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(session.Folder, "destination-client.enc")));
        Assert.Contains(result.Warnings, line => line.Contains("security code", StringComparison.Ordinal));
        await session.CheckAsync(restores: 2);

        var again = session.Undo();

        Assert.Contains(again.MustSucceed().Warnings, line => line.Contains("undone", StringComparison.Ordinal));
        Assert.Equal(2, (await session.Lab.Service.GetNumberAsync(session.Lab.Number, TestContext.Current.CancellationToken)).Restores);
    }

    [Fact]
    public async Task The_plan_names_what_would_be_done_and_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await UndoSession.StartAsync();
        var old = session.Lab.Old.ContainerNames;
        await session.MigrateUntilAsync(6, HoldPoint.AfterEffect);
        var files = Files(session.Folder);
        var before = await session.Lab.SnapshotAsync(cancellation);

        var result = session.Undo("-WhatIf");

        var lines = result.MustSucceed().WhatIfLines;
        Assert.All(Enumerable.Range(1, 6), step => Assert.Contains(lines, line => line.Contains($"Undo step {step} of 6: ", StringComparison.Ordinal)));
        Assert.All(old.Concat(session.Lab.New.ContainerNames), name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(files, Files(session.Folder));
        Assert.Empty(before.DifferencesTo(await session.Lab.SnapshotAsync(cancellation), @"waweb\.tokens$|wacluster|\.cluster"));
        Assert.Equal("Interrupted", session.Run("(Get-WaMigration $common.Path).State").Single().ToString());
    }

    [Fact]
    public async Task The_way_back_that_is_shown_is_the_command_and_the_way_on_is_closed_once_it_is_gone()
    {
        await using var session = await UndoSession.StartAsync();
        await session.MigrateUntilAsync(5, HoldPoint.BeforeRequest);
        var wayBack = session.Run("(Get-WaMigration $common.Path).WayBack").Single().ToString();
        Assert.Contains("Undo-WaMigration", wayBack, StringComparison.Ordinal);
        Assert.Contains("-TwoStepPin", wayBack, StringComparison.Ordinal);

        await session.UndoUntilAsync(LabLink.NewDocker, "DELETE", "^/containers/[^/]+$", HoldPoint.AfterEffect);

        Assert.Equal(["UndoIsUnderWay"], session.MigrateAgain().ErrorIds);
        Assert.Equal("Undoing", session.Run("(Get-WaMigration $common.Path).State").Single().ToString());
        Assert.Contains("Undo-WaMigration", session.Run("(Get-WaMigration $common.Path).NextCommand").Single().ToString(), StringComparison.Ordinal);
        session.Undo().MustSucceed();
        await session.CheckAsync(restores: 0);
    }

    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => !file.Contains("run.", StringComparison.Ordinal))
        .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
