<#
.SYNOPSIS
Builds, tests, shows and packs WaMigration.
.DESCRIPTION
Runs in Windows PowerShell 5.1, PowerShell 7 and this repository's own shell, and needs the .NET SDK only:

    dotnet run --project src/WaMigration.Shell -- ./build.ps1 Demo
    dotnet run --project src/WaMigration.Shell -- ./build.ps1 Test

Build    lays the module out in out/WaMigration as it is published.
Test     builds everything and runs all tests. The last line says how many passed and failed. With the environment
         variable WA_LAB_REQUIRED=1 a skipped test is a failure.
Demo     starts two simulated clients, an old one that serves its number and a new one, and moves the settings.
Package  packs out/WaMigration as a .nupkg, the form in which PowerShell galleries take a module.
Clean    removes all that was built.
.PARAMETER Task
What to do.
.PARAMETER Filter
Test: only tests whose full name (class and method) contains this text; * stands for anything.
.EXAMPLE
./build.ps1 Test -Filter ModuleImport
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [string] $Filter
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$out = [IO.Path]::Combine($root, 'out')
$moduleFolder = [IO.Path]::Combine($out, 'WaMigration')

# Everything here is built in Release: the shell that may be running this script was built by dotnet run in Debug, and
# what runs must not be built over.
function Invoke-DotNet([string] $Command, [string] $Project, [string[]] $More) {
    $path = [IO.Path]::Combine($root, $Project)
    # Nodes that stay behind would keep the caller's output open after the build.
    $lines = & dotnet $Command $path --configuration Release --nologo --verbosity quiet -nodeReuse:false @More
    if ($LASTEXITCODE -ne 0) {
        $Host.UI.WriteLine($lines -join [Environment]::NewLine)
        throw "dotnet $Command $Project failed with exit code $LASTEXITCODE."
    }
}

function Invoke-BuildTask {
    'Building the module ...'
    Invoke-DotNet build 'src/WaMigration/WaMigration.csproj'
    "The module is in $moduleFolder."
}

function Invoke-PackageTask {
    Invoke-BuildTask
    Invoke-DotNet pack 'src/WaMigration/WaMigration.csproj' '--no-build', '--output', $out
    foreach ($file in [IO.Directory]::EnumerateFiles($out, '*.nupkg')) {
        "The package is $file."
    }
}

function Invoke-TestTask {
    'Building everything ...'
    Invoke-DotNet build 'WaMigration.sln'
    $results = [IO.Path]::Combine($out, 'test-results')
    if ([IO.Directory]::Exists($results)) {
        [IO.Directory]::Delete($results, $true)
    }
    $null = [IO.Directory]::CreateDirectory($results)

    $passed = 0
    $failed = 0
    $skipped = 0
    $problems = @()
    foreach ($name in 'WaMigration.Engine.Tests', 'WaMigration.Tests') {
        $result = [IO.Path]::Combine($results, "$name.xml")
        $arguments = @(
            [IO.Path]::Combine($root, 'tests', $name, 'bin', 'Release', 'net10.0', "$name.dll")
            '-noLogo', '-noColor', '-noAutoReporters', '-result-xml', $result
        )
        if ($Filter) {
            $arguments += '-method', "*$Filter*"
        }
        if ($env:WA_LAB_REQUIRED -eq '1') {
            $arguments += '-failSkips'
        }
        & dotnet exec @arguments
        $code = $LASTEXITCODE
        if (-not [IO.File]::Exists($result)) {
            $problems += "$name ended with exit code $code and wrote no results."
            continue
        }

        # The printed summary is in the language of the machine; the file is not.
        $document = [xml]::new()
        $document.Load($result)
        $before = $failed
        foreach ($assembly in $document.SelectNodes('/assemblies/assembly')) {
            $passed += [int] $assembly.GetAttribute('passed')
            $failed += [int] $assembly.GetAttribute('failed') + [int] $assembly.GetAttribute('errors')
            $skipped += [int] $assembly.GetAttribute('skipped')
        }
        if ($code -ne 0 -and $failed -eq $before) {
            $problems += "$name ended with exit code $code."
        }
        foreach ($test in $document.SelectNodes('//test[@result="Skip"]')) {
            'Skipped: ' + $test.GetAttribute('name') + ': ' + $test.SelectSingleNode('reason').InnerText
        }
    }
    $problems
    if ($passed + $failed -eq 0) {
        'No test ran.'
    }
    $line = "$passed passed, $($failed + $problems.Count) failed"
    if ($skipped -gt 0) {
        $line += ", $skipped skipped"
    }
    $line
    if ($failed + $problems.Count -gt 0 -or $passed -eq 0) {
        exit 1
    }
}

function Invoke-CleanTask {
    $folders = @($out)
    foreach ($project in [IO.Directory]::EnumerateFiles($root, '*.csproj', [IO.SearchOption]::AllDirectories)) {
        $folder = [IO.Path]::GetDirectoryName($project)
        $folders += [IO.Path]::Combine($folder, 'obj')
        # dotnet run built the shell in bin/Debug, and it may be what runs this.
        $folders += [IO.Path]::Combine($folder, 'bin', 'Release')
    }
    foreach ($folder in $folders) {
        if ([IO.Directory]::Exists($folder)) {
            [IO.Directory]::Delete($folder, $true)
        }
    }
    'Removed what was built.'
}

switch ($Task) {
    'Build' { Invoke-BuildTask }
    'Test' { Invoke-TestTask }
    'Package' { Invoke-PackageTask }
    'Clean' { Invoke-CleanTask }
}
