namespace WaMigration.Tests.Shell;

public sealed class QuestionTests : IDisposable
{
    private const string Mandatory = """
        [CmdletBinding()]
        param(
            [Parameter(Mandatory = $true, HelpMessage = 'The name of the setup.')] [string] $Name,
            [Parameter(Mandatory = $true)] [securestring] $Password,
            [Parameter(Mandatory = $true)] [pscredential] $Credential,
            [Parameter(Mandatory = $true)] [int[]] $Port)
        $secret = [System.Net.NetworkCredential]::new('', $Password).Password
        "name=$Name secret=$($secret.Length):$($secret[-1]) user=$($Credential.UserName)/$($Credential.GetNetworkCredential().Password) port=$($Port -join '+')"
        """;

    private const string Removing = """
        function Remove-Thing {
            [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
            param([string[]] $Name)
            foreach ($n in $Name) { if ($PSCmdlet.ShouldProcess($n, 'Remove')) { "removed $n" } else { "kept $n" } }
        }

        """;

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_parameters_are_asked_for_on_the_standard_input()
    {
        var script = _folder.Write("ask.ps1", Mandatory);

        var result = await ShellProcess.RunAsync(_folder, [script], "!?\nold\np@ss\nadmin\ns3cret\n6250\nx\n6251\n\n");

        Assert.Contains("name=old secret=4:s user=admin/s3cret port=6250+6251", result.Output, StringComparison.Ordinal);
        Assert.Contains("The name of the setup.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Password for user admin: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("'x'", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task An_end_of_the_input_leaves_the_parameter_missing()
    {
        var script = _folder.Write("ask.ps1", Mandatory);

        var result = await ShellProcess.RunAsync(_folder, [script], "old\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("missing mandatory parameters", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_interaction_a_question_is_an_error()
    {
        var script = _folder.Write("ask.ps1", Mandatory);

        var parameters = await ShellProcess.RunAsync(_folder, ["-NonInteractive", script], "old\n");
        var line = await ShellProcess.RunAsync(_folder, ["-NonInteractive", "-Command", "$Host.UI.ReadLine()"], "old\n");

        Assert.Equal((1, 1), (parameters.ExitCode, line.ExitCode));
        Assert.Contains("missing mandatory parameters", parameters.Error, StringComparison.Ordinal);
        Assert.Contains("-NonInteractive", line.Error, StringComparison.Ordinal);
        Assert.Equal("", parameters.Output + line.Output);
    }

    [Fact]
    public async Task A_confirmation_has_five_answers_and_their_help()
    {
        var script = _folder.Write("confirm.ps1", Removing + "Remove-Thing a, b, c, d");

        var result = await ShellProcess.RunAsync(_folder, [script], "?\nwhat\ny\nn\nL\n");

        Assert.Contains(
            "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help (default is \"Y\"): ",
            result.Output,
            StringComparison.Ordinal);
        Assert.Contains("L - ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"Remove\" on target \"a\"", result.Output, StringComparison.Ordinal);
        foreach (var expected in new[] { "removed a", "kept b", "kept c", "kept d" })
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Yes_to_all_asks_no_more_and_an_empty_answer_is_the_default()
    {
        var all = _folder.Write("all.ps1", Removing + "Remove-Thing a, b");
        var one = _folder.Write("one.ps1", Removing + "Remove-Thing a");

        var first = await ShellProcess.RunAsync(_folder, [all], "a\n");
        var second = await ShellProcess.RunAsync(_folder, [one], "\n");

        Assert.Contains("removed b", first.Output, StringComparison.Ordinal);
        Assert.Contains("removed a", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confirmation_that_nobody_answers_confirms_nothing()
    {
        var script = _folder.Write("confirm.ps1", "$ErrorActionPreference = 'Stop'\n" + Removing + "Remove-Thing a");

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain("removed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspend_gives_a_prompt_and_exit_returns_to_the_question()
    {
        var script = _folder.Write("suspend.ps1", Removing + "Remove-Thing a; 'end'");

        var result = await ShellProcess.RunAsync(_folder, [script], "s\n'look ' + 'around'\nexit\ny\n");

        Assert.Contains("look around", result.Output, StringComparison.Ordinal);
        Assert.Contains("removed a", result.Output, StringComparison.Ordinal);
        Assert.Contains("end", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Several_of_a_number_of_choices_can_be_picked()
    {
        var script = _folder.Write("several.ps1", """
            $choices = [System.Management.Automation.Host.ChoiceDescription[]] @('&Old', '&New', 'N&one')
            "picked $($Host.UI.PromptForChoice('Sides', 'Which?', $choices, [int[]] @(2)) -join ',')"
            """);

        var picked = await ShellProcess.RunAsync(_folder, [script], "o\nNew\n\n");
        var defaulted = await ShellProcess.RunAsync(_folder, [script], "\n");

        Assert.Contains("picked 0,1", picked.Output, StringComparison.Ordinal);
        Assert.Contains("picked 2", defaulted.Output, StringComparison.Ordinal);
    }
}
