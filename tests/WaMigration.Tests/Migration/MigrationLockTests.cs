using System.Diagnostics;
using System.Globalization;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Two processes and one folder.</summary>
public sealed class MigrationLockTests : IDisposable
{
    private readonly RecordSession session = new();
    private readonly List<Process> processes = [];

    [Fact]
    public async Task A_second_process_is_refused_and_told_who_runs_the_migration_and_may_look_all_the_while()
    {
        var other = await HoldAsync();

        var refused = session.Run("Start-WaMigration $folder -Option 1 -Source $old -Destination $new");

        var error = Assert.Single(refused.Errors);
        Assert.Equal("MigrationIsRunning,WaMigration.Commands.StartWaMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Contains(other.Id.ToString(CultureInfo.InvariantCulture), error.ToString(), StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, error.ToString(), StringComparison.Ordinal);
        var seen = session.Run("$r = Get-WaMigration $folder; \"$($r.State) $($r.Steps[0].State)\"");
        Assert.Equal("Running Running", seen.Single().ToString());
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_the_folder_free_and_the_migration_interrupted()
    {
        var other = await HoldAsync();
        other.Kill();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Interrupted Interrupted", session.Run("$r = Get-WaMigration $folder; \"$($r.State) $($r.Steps[0].State)\"").Single().ToString());
        session.Start();
        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { }").MustSucceed();
        Assert.Equal("Done", session.Run("$m.Steps[0].State").Single().ToString());
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }

        session.Dispose();
    }

    /// <summary>Starts a process that is in the middle of step 1.</summary>
    private async Task<Process> HoldAsync()
    {
        var script = session.Other("hold.ps1");
        await File.WriteAllTextAsync(
            script,
            $$"""
            Import-Module '{{ModuleUnderTest.Manifest}}'
            {{RecordSession.Describe}}
            $m = Start-WaMigration '{{session.Folder}}' -Option 1 -Source $old -Destination $new
            Invoke-WaMigrationStep $m -Number 1 -Name Install -ScriptBlock { [Console]::Out.WriteLine('in step 1'); [Console]::Out.Flush(); [Console]::In.ReadLine() }
            """,
            TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "exec", ModuleUnderTest.ShellAssembly, script })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        processes.Add(process);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("in step 1", StringComparison.Ordinal))
            {
                return process;
            }
        }

        throw new InvalidOperationException("The other process ended before it was in its step.");
    }
}
