namespace WaMigration.Tests.Shell;

public sealed class ScriptArgumentTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_values_switches_and_lists_are_bound_as_at_a_prompt()
    {
        var script = _folder.Write("bind.ps1", """
            [CmdletBinding()]
            param(
                [Parameter(Position = 0)] [string] $Task,
                [string] $Name,
                [int] $Count,
                [switch] $Fast,
                [switch] $Slow,
                [bool] $Really,
                [Alias('Nodes')] [string[]] $Node,
                [int[]] $Port)
            "task=$Task"
            "name=$Name"
            "count=$($Count + 1)"
            "fast=$Fast slow=$Slow bound=$($PSBoundParameters.ContainsKey('Slow'))"
            "really=$Really"
            "node=$($Node.Count): $($Node -join ' and ')"
            "port=$(($Port | ForEach-Object { $_ + 1 }) -join ' ')"
            """);

        var result = await ShellProcess.RunAsync(_folder,
        [
            script, "Demo", "-Fast", "-Name:a,b", "-Count", "41", "-Slow:$false", "-Really", "$true",
            "-Nodes", "one,two,three", "-Port:1,2",
        ]);

        Assert.Equal("", result.Error);
        Assert.Equal(
            ["task=Demo", "name=a,b", "count=42", "fast=True slow=False bound=True", "really=True",
             "node=3: one and two and three", "port=2 3"],
            result.Lines);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Values_in_order_may_be_lists_and_begin_with_a_dash()
    {
        var script = _folder.Write("order.ps1", """
            param([string] $First, [string[]] $Second, [double] $Third)
            "first=$First"
            "second=$($Second -join '|')"
            "third=$Third"
            "rest=$args"
            """);

        var result = await ShellProcess.RunAsync(_folder, [script, "one", "a,b", "-1.5", "--", "-x", "--", "-y:z"]);

        Assert.Equal(["first=one", "second=a|b", "third=-1.5", "rest=-x -- -y:z"], result.Lines);
    }

    [Fact]
    public async Task A_script_without_parameters_gets_all_words()
    {
        var script = _folder.Write("words.ps1", "$args.Count; $args | ForEach-Object { \"[$_]\" }");

        var result = await ShellProcess.RunAsync(_folder, ["-File", script, "one two", "-Name", "three", "", "日本語", "it's"]);

        Assert.Equal(["6", "[one two]", "[-Name]", "[three]", "[]", "[日本語]", "[it's]"], result.Lines);
    }

    [Fact]
    public async Task A_script_knows_where_it_is()
    {
        var script = _folder.Write("a folder/it's [here].ps1", "$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Path");

        var result = await ShellProcess.RunAsync(_folder, [Path.Combine("a folder", "it's [here].ps1")]);

        Assert.Equal([Path.GetDirectoryName(script)!, script, script], result.Lines);
    }

    [Fact]
    public async Task A_wrong_value_is_named_and_ends_the_run()
    {
        var script = _folder.Write("set.ps1", "param([ValidateSet('Build', 'Test')] [string] $Task) 'ran'");

        var result = await ShellProcess.RunAsync(_folder, [script, "Bild"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'Task'", result.Error, StringComparison.Ordinal);
        Assert.Contains("Build,Test", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("nowhere.ps1")]
    [InlineData("-Bogus")]
    [InlineData("-File")]
    [InlineData("-Command")]
    public async Task Wrong_use_is_said_in_one_line_with_exit_code_64(string argument)
    {
        var result = await ShellProcess.RunAsync(_folder, [argument]);

        Assert.Equal(64, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
