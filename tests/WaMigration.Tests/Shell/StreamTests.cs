namespace WaMigration.Tests.Shell;

public sealed class StreamTests : IDisposable
{
    private const string Failing = """
        [CmdletBinding()] param()
        $e = [System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('plain'), 'ItsId', 'InvalidData', 'thing')
        $e.ErrorDetails = [System.Management.Automation.ErrorDetails]::new('It failed.')
        $e.ErrorDetails.RecommendedAction = 'Do it again.'

        """;

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_error_shows_what_was_thrown_and_where_on_the_standard_error()
    {
        var script = _folder.Write("throw.ps1", "'before'\nthrow 'It broke.'\n'after'");

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal("before", result.Output.Trim());
        Assert.Equal(
            [$"Exception: {script}:2", "Line |", "   2 |  throw 'It broke.'", "     |  ~~~~~~~~~~~~~~~~~", "     | It broke."],
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd()));
    }

    [Fact]
    public async Task An_error_shows_its_details_and_the_recommended_action()
    {
        var script = _folder.Write("fail.ps1", Failing + "$PSCmdlet.WriteError($e); 'goes on'");

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Contains("fail.ps1: It failed.", result.Error, StringComparison.Ordinal);
        Assert.Contains("Recommendation: Do it again.", result.Error, StringComparison.Ordinal);
        Assert.Equal("goes on", result.Output.Trim());
    }

    [Theory]
    [InlineData("CategoryView", "InvalidData: (thing:String) [fail.ps1], InvalidOperationException")]
    [InlineData("NormalView", "FullyQualifiedErrorId : ItsId,fail.ps1")]
    public async Task ErrorView_chooses_how_an_error_is_shown(string view, string expected)
    {
        var script = _folder.Write("fail.ps1", Failing + $"$global:ErrorView = '{view}'; $PSCmdlet.WriteError($e)");

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_streams_bear_their_names_and_obey_the_preferences()
    {
        var script = _folder.Write("streams.ps1", """
            [CmdletBinding()] param()
            $PSCmdlet.WriteWarning('w')
            $PSCmdlet.WriteVerbose('v')
            $PSCmdlet.WriteDebug('d')
            $PSCmdlet.WriteInformation('i', [string[]] @())
            'o'
            """);
        var loud = _folder.Write("loud.ps1", "$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'; & ./streams.ps1");

        var quiet = await ShellProcess.RunAsync(_folder, [script]);
        var all = await ShellProcess.RunAsync(_folder, [loud]);
        var verbose = await ShellProcess.RunAsync(_folder, [script, "-Verbose", "-WarningAction", "SilentlyContinue"]);

        Assert.Equal(["WARNING: w", "o"], quiet.Lines);
        Assert.Equal(["WARNING: w", "VERBOSE: v", "DEBUG: d", "i", "o"], all.Lines);
        Assert.Equal(["VERBOSE: v", "o"], verbose.Lines);
    }

    [Fact]
    public async Task Redirected_output_has_neither_progress_nor_colours()
    {
        var script = _folder.Write("progress.ps1", """
            [CmdletBinding()] param()
            1..3 | ForEach-Object {
                $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Copying', "step $_"))
                "`e[32mline $_`e[0m"
                [Threading.Tasks.Task]::Delay(150).Wait()
            }
            Get-Command NoSuchCommand
            """);

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal(["line 1", "line 2", "line 3"], result.Lines);
        Assert.DoesNotContain("Copying", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output + result.Error);
    }

    [Fact]
    public async Task Objects_are_formatted_as_PowerShell_does()
    {
        var result = await ShellProcess.RunAsync(
            _folder,
            ["-Command", "[pscustomobject] @{ Node = 'master'; State = 'running' }; [pscustomobject] @{ Node = 'coreapp'; State = 'exited' }"]);

        Assert.Contains("Node", result.Output, StringComparison.Ordinal);
        Assert.Contains("coreapp", result.Output, StringComparison.Ordinal);
        Assert.Contains("exited", result.Output, StringComparison.Ordinal);
    }
}
