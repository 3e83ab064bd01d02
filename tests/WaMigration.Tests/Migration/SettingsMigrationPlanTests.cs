using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>The runbook under -WhatIf: everything said, nothing changed.</summary>
public sealed class SettingsMigrationPlanTests
{
    [Fact]
    public async Task The_plan_has_all_ten_steps_with_names_and_the_expected_outage_and_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(new LabOptions());
        var before = await session.Lab.SnapshotAsync(cancellation);
        var number = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);

        var result = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin -ResetWebhook @hook -WhatIf");

        var lines = result.MustSucceed().WhatIfLines;
        Assert.All(Enumerable.Range(1, 10), step => Assert.Contains(lines, line => line.Contains($"Step {step} of 10: ", StringComparison.Ordinal)));
        Assert.All(session.Lab.Old.ContainerNames, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains(Path.Combine(session.Folder, "settings-backup"), StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(Path.Combine(session.Folder, "source-client.enc"), StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(session.Lab.New.DockerHost.ToString(), StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Expected outage", StringComparison.Ordinal) && line.Contains("Outbound between", StringComparison.Ordinal));
        Assert.Equal("Planned", ScriptResult.Value(result.Output[^1], "State")!.ToString());

        Assert.False(Directory.Exists(session.Folder));
        Assert.Empty(before.DifferencesTo(await session.Lab.SnapshotAsync(cancellation), @"waweb\.tokens$"));
        var after = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        Assert.Equal(number.IdentityUploads, after.IdentityUploads);
        Assert.Equal(number.TwoStep, after.TwoStep);
    }
}
