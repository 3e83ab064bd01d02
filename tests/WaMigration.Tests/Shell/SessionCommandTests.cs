namespace WaMigration.Tests.Shell;

public sealed class SessionCommandTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Set_Location_moves_the_session_the_process_and_its_native_commands()
    {
        var inner = Path.Combine(_folder.Path, "inner [1]");
        Directory.CreateDirectory(inner);

        var result = await ShellProcess.RunAsync(_folder, ["-Command", """
            Set-Location -LiteralPath 'inner [1]'
            "$(Get-Location)"
            [Environment]::CurrentDirectory
            /bin/pwd
            cd ..
            "$pwd"
            cd /
            cd -
            [IO.Path]::GetFullPath('.')
            "$(Set-Location / -PassThru)"
            """]);

        Assert.Equal("", result.Error);
        Assert.Equal([inner, inner, inner, _folder.Path, _folder.Path, "/"], result.Lines);
    }

    [Fact]
    public async Task A_place_that_does_not_exist_changes_nothing()
    {
        var result = await ShellProcess.RunAsync(_folder, ["-Command", "Set-Location nowhere; $Error[0].FullyQualifiedErrorId; \"$pwd\""]);

        Assert.Contains("nowhere", result.Error, StringComparison.Ordinal);
        Assert.Equal(["PathNotFound,WaMigration.Shell.SetLocationCommand", _folder.Path], result.Lines);
    }

    [Fact]
    public async Task Modules_are_imported_and_their_help_and_commands_found()
    {
        _folder.Write("Sample/Sample.psm1", """
            function Get-Sample {
            <#
            .SYNOPSIS
            Gets the sample that was asked for.
            .PARAMETER Name
            Which one.
            .EXAMPLE
            Get-Sample -Name first
            #>
                [CmdletBinding()] param([string] $Name)
                "sample $Name"
            }
            """);

        var result = await ShellProcess.RunAsync(_folder, ["-Command", """
            Import-Module ./Sample/Sample.psm1
            Get-Sample -Name first
            (Get-Help Get-Sample).Synopsis
            (Get-Command -Module Sample).Name
            """]);
        var help = await ShellProcess.RunAsync(_folder, ["-Command", "Import-Module ./Sample/Sample.psm1; help Get-Sample -Full"]);

        Assert.Equal(["sample first", "Gets the sample that was asked for.", "Get-Sample"], result.Lines);
        Assert.Contains("-Name <String>", help.Output, StringComparison.Ordinal);
        Assert.Contains("Get-Sample -Name first", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_of_a_script_function_says_its_syntax()
    {
        var result = await ShellProcess.RunAsync(_folder, ["-Command", "function Get-Bare { param([int] $Number) }; Get-Help Get-Bare"]);

        Assert.Contains("Get-Bare [[-Number] <int>]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_three_commands_are_added_to_those_of_the_engine()
    {
        var result = await ShellProcess.RunAsync(_folder, ["-Command", """
            (Get-Command -CommandType Cmdlet | Where-Object Source -notlike 'Microsoft.PowerShell.Core').Name
            $Function:help -match 'Out-Host'
            (Get-Command Get-Content -ErrorAction SilentlyContinue).Name
            """]);

        Assert.Equal(["Get-Location", "Set-Location", "True"], result.Lines);
    }
}
