using System.Diagnostics;

namespace WaMigration.Tests.Shell;

/// <summary>Alone, because time is measured.</summary>
[Collection(nameof(InterruptTests))]
[CollectionDefinition(nameof(InterruptTests), DisableParallelization = true)]
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_a_loop_within_two_seconds_and_runs_what_cleans_up(string signal, int expected)
    {
        var script = _folder.Write("loop.ps1", """
            'running'
            try { while ($true) { } } finally { [IO.File]::WriteAllText("$PSScriptRoot/cleaned", 'yes') }
            'never'
            """);

        var result = await StopAsync(signal, script);

        Assert.Equal(expected, result.ExitCode);
        Assert.Equal("running", result.Output.Trim());
        Assert.Equal("", result.Error);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "cleaned")));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_reaches_the_native_command_that_runs(string signal, int expected)
    {
        var script = _folder.Write("native.ps1", """
            'running'
            /bin/sh -c "trap 'echo told > told; exit 1' INT TERM; while :; do /bin/sleep 0.1; done"
            'never'
            """);

        var result = await StopAsync(signal, script, () => Task.Delay(500, TestContext.Current.CancellationToken));

        Assert.Equal(expected, result.ExitCode);
        Assert.DoesNotContain("never", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "told")));
    }

    [Fact]
    public async Task Ctrl_C_breaks_off_a_question()
    {
        var script = _folder.Write("ask.ps1", "param([Parameter(Mandatory = $true)] [string] $Name) \"got $Name\"");

        var result = await StopAsync("INT", script, marker: "Name: ");

        Assert.Equal(130, result.ExitCode);
        Assert.DoesNotContain("got", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_what_nothing_can_stop()
    {
        var script = _folder.Write("hang.ps1", "'running'; [Threading.Tasks.Task]::Delay(100000).Wait()");
        await using var shell = ShellProcess.Start(_folder.Path, script);
        await shell.WaitForAsync("running");
        await Task.Delay(500, TestContext.Current.CancellationToken);

        await shell.SignalAsync("INT");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await shell.SignalAsync("INT");

        Assert.Equal(130, (await shell.ExitAsync()).ExitCode);
    }

    private async Task<ShellResult> StopAsync(
        string signal, string script, Func<Task>? whenRunning = null, string marker = "running")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill.");
        await using var shell = ShellProcess.Start(_folder.Path, script);
        await shell.WaitForAsync(marker);
        if (whenRunning is not null)
        {
            await whenRunning();
        }

        var clock = Stopwatch.StartNew();
        await shell.SignalAsync(signal);
        var sending = clock.Elapsed;
        var result = await shell.ExitAsync();

        // Starting kill takes milliseconds; where it takes longer, the machine is busy with something else.
        Assert.True(clock.Elapsed < Limit + (5 * sending), $"It took {clock.Elapsed}, of which {sending} for kill.");
        return result;
    }
}
