using System.Globalization;
using System.Text.RegularExpressions;
using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>The runbooks of Options 2 and 3 under -WhatIf: everything said, nothing changed.</summary>
public sealed partial class DatabaseMigrationPlanTests
{
    [Fact]
    public async Task The_plans_have_all_steps_with_names_and_change_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2, new LabOptions { TimeProvider = new ClockAhead() });
        var before = await migration.Lab.SnapshotAsync(cancellation);

        foreach (var (runbook, more) in new[] { ("Invoke-WaMessageMigration.ps1", "-ResetWebhook @hook"), ("Invoke-WaFullMigration.ps1", string.Empty) })
        {
            migration.Set("runbook", ModuleUnderTest.Runbook(runbook));

            var result = migration.Migrate($"-TwoStepPin $pin {more} -WhatIf");

            var lines = result.MustSucceed().WhatIfLines;
            Assert.All(Enumerable.Range(0, 11), step => Assert.Contains(lines, line => line.Contains($"Step {step} of 10: ", StringComparison.Ordinal)));
            Assert.All(migration.Lab.Old.ContainerNames, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
            Assert.Contains(lines, line => line.Contains("messageStore public.messages", StringComparison.Ordinal));
            var clocks = Assert.Single(result.Warnings, line => line.StartsWith("Clocks (Warning)", StringComparison.Ordinal));
            Assert.All(Ahead(clocks), seconds => Assert.InRange(seconds, 84, 96));
            Assert.Contains("old +", clocks, StringComparison.Ordinal);
            Assert.Contains($"{migration.Lab.New.DockerHost} +", clocks, StringComparison.Ordinal);
            Assert.Contains(lines, line => line.Contains("Expected outage", StringComparison.Ordinal));
            Assert.Equal("Planned", ScriptResult.Value(result.Output[^1], "State")!.ToString());
            Assert.False(Directory.Exists(migration.Folder));
        }

        Assert.Empty(before.DifferencesTo(await migration.Lab.SnapshotAsync(cancellation), @"waweb\.tokens$"));
    }

    private static IEnumerable<int> Ahead(string line) => Seconds().Matches(line).Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@" ([+-]\d+) s\b")]
    private static partial Regex Seconds();

    /// <summary>The machines of both sides are a minute and a half ahead of this one.</summary>
    private sealed class ClockAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddSeconds(95);
    }
}
