using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>The runbooks of Options 2 and 3 under -WhatIf: everything said, nothing changed.</summary>
public sealed class DatabaseMigrationPlanTests
{
    [Fact]
    public async Task The_plans_have_all_steps_with_names_and_change_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var before = await migration.Lab.SnapshotAsync(cancellation);

        foreach (var (runbook, more) in new[] { ("Invoke-WaMessageMigration.ps1", "-ResetWebhook @hook"), ("Invoke-WaFullMigration.ps1", string.Empty) })
        {
            migration.Set("runbook", ModuleUnderTest.Runbook(runbook));

            var result = migration.Migrate($"-TwoStepPin $pin {more} -WhatIf");

            var lines = result.MustSucceed().WhatIfLines;
            Assert.All(Enumerable.Range(0, 11), step => Assert.Contains(lines, line => line.Contains($"Step {step} of 10: ", StringComparison.Ordinal)));
            Assert.All(migration.Lab.Old.ContainerNames, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
            Assert.Contains(lines, line => line.Contains("messageStore public.messages", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("Expected outage", StringComparison.Ordinal));
            Assert.Equal("Planned", ScriptResult.Value(result.Output[^1], "State")!.ToString());
            Assert.False(Directory.Exists(migration.Folder));
        }

        Assert.Empty(before.DifferencesTo(await migration.Lab.SnapshotAsync(cancellation), @"waweb\.tokens$"));
    }
}
