namespace WaMigration.Tests.Shell;

public sealed class ExitCodeTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit", 0)]
    [InlineData("try { throw 'caught' } catch { 'fine' }", 0)]
    [InlineData("throw 'uncaught'", 1)]
    [InlineData("function Stop-It { exit 5 }; Stop-It; exit 6", 5)]
    [InlineData("/bin/sh -c 'exit 4'; if ($LASTEXITCODE -ne 4) { exit 9 }", 0)]
    [InlineData("/bin/sh -c 'exit 4'; exit $LASTEXITCODE", 4)]
    [InlineData("Get-Command NoSuchCommand; 'goes on'", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Command NoSuchCommand; 'does not go on'", 1)]
    [InlineData("function", 1)]
    public async Task A_script_ends_with_its_own_exit_code(string text, int expected)
    {
        var script = _folder.Write("code.ps1", text);

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal(expected, result.ExitCode);
        Assert.DoesNotContain("does not go on", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("throw 'uncaught'", 1)]
    [InlineData("/bin/sh -c 'exit 4'", 1)]
    [InlineData("/bin/sh -c 'exit 4'; 'fine'", 0)]
    [InlineData("Get-Command NoSuchCommand", 1)]
    [InlineData("if (1) {", 1)]
    public async Task A_command_ends_as_its_last_statement_did(string text, int expected)
    {
        var result = await ShellProcess.RunAsync(_folder, ["-Command", text]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public async Task An_error_of_a_script_itself_is_no_success_whatever_ran_before()
    {
        var script = _folder.Write("own.ps1", """
            [CmdletBinding()] param()
            /bin/true
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('own'), 'Own', 'NotSpecified', $null))
            """);

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("own.ps1: own", result.Error, StringComparison.Ordinal);
    }
}
