namespace WaMigration.Tests.Shell;

public sealed class CommandAndInputTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_words_after_Command_are_one_text()
    {
        var result = await ShellProcess.RunAsync(_folder, ["-NoProfile", "-Command", "1", "+", "2;", "'ü 漢'"]);

        Assert.Equal(["3", "ü 漢"], result.Lines);
    }

    [Fact]
    public async Task Commands_come_from_the_standard_input_without_a_prompt()
    {
        var result = await ShellProcess.RunAsync(_folder, ["-Command", "-"], """
            $x = 20
            function Add-One($n) {
                if ($n -lt 0) { 0 }
                else { $n + 1 }
            }

            Add-One $x
            $Host.UI.ReadLine()
            this line is an answer
            exit 7
            'never'
            """);

        Assert.Equal(["21", "this line is an answer"], result.Lines);
        Assert.Equal(7, result.ExitCode);
    }

    [Fact]
    public async Task An_error_in_the_input_does_not_end_it_but_the_last_one_decides()
    {
        var good = await ShellProcess.RunAsync(_folder, ["-Command", "-"], "throw 'first'\n'second'\n");
        var bad = await ShellProcess.RunAsync(_folder, ["-Command", "-"], "'first'\nthrow 'second'\n");

        Assert.Equal((0, "second"), (good.ExitCode, good.Output.Trim()));
        Assert.Contains("first", good.Error, StringComparison.Ordinal);
        Assert.Equal(1, bad.ExitCode);
    }

    [Fact]
    public async Task Without_arguments_there_is_a_prompt_that_shows_where_one_is()
    {
        var result = await ShellProcess.RunAsync(_folder, [], "40 + 2\nexit 4\n");

        Assert.Contains($"PS {_folder.Path}> 42", result.Output, StringComparison.Ordinal);
        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task Native_commands_write_in_turn_with_the_script()
    {
        var script = _folder.Write("native.ps1", """
            'one'
            /bin/sh -c 'echo two; echo problem >&2'
            $caught = /bin/sh -c 'echo three'
            "got $caught"
            """);

        var result = await ShellProcess.RunAsync(_folder, [script]);

        Assert.Equal(["one", "two", "got three"], result.Lines);
        Assert.Equal("problem", result.Error.Trim());
    }

    [Fact]
    public async Task Help_and_version_are_shown_and_end()
    {
        var help = await ShellProcess.RunAsync(_folder, ["-Help"]);
        var version = await ShellProcess.RunAsync(_folder, ["--version"]);

        Assert.Equal((0, 0), (help.ExitCode, version.ExitCode));
        Assert.Contains("-Command", help.Output, StringComparison.Ordinal);
        Assert.Contains("engine 7.", version.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_kept_in_the_home_folder()
    {
        var home = Path.Combine(_folder.Path, "home");
        Directory.CreateDirectory(home);
        await using var shell = ShellProcess.Start(
            _folder.Path,
            new Dictionary<string, string> { ["HOME"] = home },
            ["-Command", "Get-Command NoSuchCommand -ErrorAction SilentlyContinue; 'done'"]);
        shell.EndInput();

        var result = await shell.ExitAsync();

        Assert.Contains("done", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories));
    }
}
