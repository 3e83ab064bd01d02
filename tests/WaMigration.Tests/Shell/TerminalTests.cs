namespace WaMigration.Tests.Shell;

/// <summary>What only shows on a terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public TerminalTests() =>
        Assert.SkipUnless(ShellProcess.HasTerminals, "There is no 'script' of util-linux here to make a terminal.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nested_activities_have_bars_that_go_away_and_leave_other_output_whole()
    {
        var script = _folder.Write("progress.ps1", """
            [CmdletBinding()] param()
            'first line'
            foreach ($percent in 10, 60) {
                $outer = [System.Management.Automation.ProgressRecord]::new(1, 'Moving the client', 'step')
                $outer.PercentComplete = $percent
                $PSCmdlet.WriteProgress($outer)
                $inner = [System.Management.Automation.ProgressRecord]::new(2, 'Copying the media', 'file')
                $inner.ParentActivityId = 1
                $PSCmdlet.WriteProgress($inner)
                [Threading.Tasks.Task]::Delay(400).Wait()
                "line at $percent"
            }
            $outer.RecordType = 'Completed'
            $PSCmdlet.WriteProgress($outer)
            'last line'
            """);
        await using var shell = ShellProcess.StartOnTerminal(_folder.Path, script);

        var result = await shell.ExitAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Moving the client", result.Output, StringComparison.Ordinal);
        Assert.Contains("  Copying the media", result.Output, StringComparison.Ordinal);
        Assert.Contains("60%", result.Output, StringComparison.Ordinal);
        Assert.Contains("━", result.Output, StringComparison.Ordinal);
        Assert.Equal(["first line", "line at 10", "line at 60", "last line"], TerminalScreen.Show(result.Output, 100));
    }

    [Fact]
    public async Task Silent_progress_shows_no_bar()
    {
        var script = _folder.Write("progress.ps1", """
            [CmdletBinding()] param()
            $ProgressPreference = 'SilentlyContinue'
            & { [CmdletBinding()] param() $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Copying', 'x')); [Threading.Tasks.Task]::Delay(400).Wait() }
            'done'
            """);
        await using var shell = ShellProcess.StartOnTerminal(_folder.Path, script);

        var result = await shell.ExitAsync();

        Assert.DoesNotContain("Copying", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_masked()
    {
        var script = _folder.Write("secret.ps1", """
            $secret = $Host.UI.PromptForCredential('Login', 'Who?', 'admin', '')
            "length $($secret.Password.Length)"
            """);
        await using var shell = ShellProcess.StartOnTerminal(_folder.Path, script);

        await shell.WaitForAsync("Password for user admin: ");
        await shell.SendAsync("hush\bhX\u007fabc\r");
        var result = await shell.ExitAsync();

        Assert.DoesNotContain("hus", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", result.Output, StringComparison.Ordinal);
        Assert.Contains("Password for user admin: *******", string.Join('\n', TerminalScreen.Show(result.Output, 100)), StringComparison.Ordinal);
        Assert.Contains("length 7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_completes_recalls_takes_several_lines_and_survives_Ctrl_C()
    {
        _folder.Write("what-it-says.ps1", "param([string] $Text) \"it says $Text\"");
        await using var shell = ShellProcess.StartOnTerminal(_folder.Path);
        await shell.WaitForAsync("PS ");

        await shell.SendAsync("./what\t");
        await shell.WaitForAsync("./what-it-says.ps1");
        await shell.SendAsync(" -Te\t");
        await shell.WaitForAsync(" -Text");
        await shell.SendAsync(" aloud\r");
        await shell.WaitForAsync("it says aloud");

        await shell.SendAsync("Get-Loca\t");
        await shell.WaitForAsync("Get-Location");
        await shell.SendAsync("\u0015function Get-Sum {\r");
        await shell.WaitForAsync(">> ");
        await shell.SendAsync("'sum ' + (20 + 22) }\r");
        await shell.SendAsync("Get-Sum\r");
        await shell.WaitForAsync("sum 42");
        await shell.SendAsync("'a' + 'gain'\r");
        await shell.WaitForAsync("again");

        // What it prints shows that it runs, which takes its time on a busy machine.
        await shell.SendAsync("'loop' + 'ing'; while ($true) { }\r");
        await shell.WaitForAsync("looping");
        await shell.SendAsync("\u0003");
        await shell.SendAsync("\e[A\e[A\r");
        await shell.SendAsync("throw 'red'\r");
        await shell.WaitForAsync("\e[31;1m");
        await shell.SendAsync("exit 12\r");
        var result = await shell.ExitAsync();

        Assert.Equal(12, result.ExitCode);
        Assert.Equal(2, TerminalScreen.Show(result.Output, 100).Count(l => l == "again"));
    }
}
