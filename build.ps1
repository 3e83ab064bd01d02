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
Soak     runs what takes too long for Test, slice by slice. Interrupted, it goes on with the next slice. Needs root on
         Debian.
Demo     starts a simulated client that serves its number, and moves its settings to new machines. On real Docker hosts
         where they can be had (root on Debian), else on embedded ones; it says which.
Package  packs out/WaMigration as a .nupkg, the form in which PowerShell galleries take a module.
Clean    removes all that was built.
.PARAMETER Task
What to do.
.PARAMETER Filter
Test: only tests whose full name (class and method) contains this text; * stands for anything. Soak: only such slices.
.PARAMETER Topology
Demo: TwoHosts has the vendor's production form, one Webapp, Coreapp and Master on each of two Docker hosts a side.
.PARAMETER DatabaseEngine
Demo: what the databases of both clients are on.
.PARAMETER Option
Demo: 1 moves the settings, 2 settings and messages, 3 the whole client with its users and tokens.
.EXAMPLE
./build.ps1 Test -Filter ModuleImport
.EXAMPLE
./build.ps1 Demo -Topology TwoHosts
.EXAMPLE
./build.ps1 Demo -DatabaseEngine MySql
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Soak', 'Demo', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [string] $Filter,

    [ValidateSet('OneHost', 'TwoHosts')]
    [string] $Topology = 'OneHost',

    [ValidateSet('PostgreSql', 'MariaDb', 'MySql')]
    [string] $DatabaseEngine = 'PostgreSql',

    [ValidateRange(1, 3)]
    [int] $Option = 1
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

function Clear-Folder([string] $Path) {
    if ([IO.Directory]::Exists($Path)) {
        [IO.Directory]::Delete($Path, $true)
    }
    $null = [IO.Directory]::CreateDirectory($Path)
}

# Runs the tests of an assembly and adds to the counts what came of them.
function Invoke-TestAssembly([string] $Name, [string[]] $More, [hashtable] $Count) {
    $result = [IO.Path]::Combine($out, 'test-results', "$Name.xml")
    [IO.File]::Delete($result)
    $arguments = @(
        [IO.Path]::Combine($root, 'tests', $Name, 'bin', 'Release', 'net10.0', "$Name.dll")
        '-noLogo', '-noColor', '-noAutoReporters', '-result-xml', $result
        # Most tests wait for clients to start and connect: more of them than processors at once.
        '-maxThreads', '1.5x'
    )
    $arguments += $More
    if ($env:WA_LAB_REQUIRED -eq '1') {
        $arguments += '-failSkips'
    }
    & dotnet exec @arguments
    $code = $LASTEXITCODE
    if (-not [IO.File]::Exists($result)) {
        $Count.Problems += "$Name ended with exit code $code and wrote no results."
        return
    }

    # The printed summary is in the language of the machine; the file is not.
    $document = [xml]::new()
    $document.Load($result)
    $before = $Count.Failed
    foreach ($assembly in $document.SelectNodes('/assemblies/assembly')) {
        $Count.Passed += [int] $assembly.GetAttribute('passed')
        $Count.Failed += [int] $assembly.GetAttribute('failed') + [int] $assembly.GetAttribute('errors')
        $Count.Skipped += [int] $assembly.GetAttribute('skipped')
    }
    if ($code -ne 0 -and $Count.Failed -eq $before) {
        $Count.Problems += "$Name ended with exit code $code."
    }
    foreach ($test in $document.SelectNodes('//test[@result="Skip"]')) {
        'Skipped: ' + $test.GetAttribute('name') + ': ' + $test.SelectSingleNode('reason').InnerText
    }
}

# The last line of all.
function Write-Count([hashtable] $Count) {
    $Count.Problems
    if ($Count.Passed + $Count.Failed -eq 0) {
        'No test ran.'
    }
    $line = "$($Count.Passed) passed, $($Count.Failed + $Count.Problems.Count) failed"
    if ($Count.Skipped -gt 0) {
        $line += ", $($Count.Skipped) skipped"
    }
    $line
}

function Test-Count([hashtable] $Count) {
    $Count.Failed + $Count.Problems.Count -eq 0 -and $Count.Passed -gt 0
}

# Tests start hundreds of short processes, whose time goes into getting memory: code is not mapped twice (which protects
# nobody here), is not instrumented for a later that never comes, and memory comes in large pages where there are some.
function Set-ShortProcess {
    $env:DOTNET_EnableWriteXorExecute = '0'
    $env:DOTNET_TieredPGO = '0'
    $env:GLIBC_TUNABLES = 'glibc.malloc.hugetlb=1'
}

function Invoke-TestTask([string] $Filter) {
    'Building everything ...'
    Invoke-DotNet build 'WaMigration.sln'
    Clear-Folder ([IO.Path]::Combine($out, 'test-results'))
    $more = @()
    if ($Filter) {
        $more = '-method', "*$Filter*"
    }
    $count = @{ Passed = 0; Failed = 0; Skipped = 0; Problems = @() }
    Set-ShortProcess
    foreach ($name in 'WaMigration.Engine.Tests', 'WaMigration.Tests') {
        Invoke-TestAssembly $name $more $count
    }
    Write-Count $count
    if (-not (Test-Count $count)) {
        exit 1
    }
}

# A slice is done when all its tests have passed; a file says so, until the whole is done.
function Invoke-SoakTask([string] $Filter) {
    'Building everything ...'
    Invoke-DotNet build 'WaMigration.sln'
    Clear-Folder ([IO.Path]::Combine($out, 'test-results'))
    $folder = [IO.Path]::Combine($out, 'soak')
    $null = [IO.Directory]::CreateDirectory($folder)
    $slices = @(
        'WaMigration.Tests/LongMigrationTests.Killed_before_a_request_arrives_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/LongMigrationTests.Killed_before_an_answer_arrives_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/LongMigrationTests.Killed_on_two_hosts_a_side_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/LongMigrationTests.Killed_with_several_Masters_and_shards_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/KilledWithDatabasesTests.Killed_anywhere_on_PostgreSQL_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/KilledWithDatabasesTests.Killed_in_every_step_on_every_engine_the_last_run_ends_as_an_undisturbed_one'
        'WaMigration.Tests/OutageTests.A_Docker_host_that_goes_in_any_step_costs_nothing_but_time'
        'WaMigration.Tests/OutageTests.A_database_server_that_goes_in_any_step_costs_nothing_but_time'
        'WaMigration.Tests/MigrationMemoryTests.The_peak_of_a_full_migration_does_not_grow_with_its_data'
        'WaMigration.Tests/ManyMediaTests.A_second_copy_of_ten_thousand_files_takes_seconds'
        'WaMigration.Tests/UndoWithDatabasesTests.Cut_off_anywhere_it_is_undone_and_the_old_client_serves_as_before'
        'WaMigration.Tests/UndoWithDatabasesTests.Cut_off_anywhere_on_MariaDB_it_is_undone_and_the_old_client_serves_as_before'
        'WaMigration.Tests/UndoWithDatabasesTests.Cut_off_anywhere_on_MySQL_it_is_undone_and_the_old_client_serves_as_before'
        'WaMigration.Tests/LongMigrationTests.Killed_in_every_step_with_databases_it_ends_as_an_undisturbed_one'
        'WaMigration.Tests/LongMigrationTests.Cut_off_in_a_step_with_databases_it_is_undone_and_the_old_client_serves_as_before'
        'WaMigration.Tests/KilledCopyTests.A_copy_that_is_killed_fifty_times_is_equal'
        'WaMigration.Tests/KilledCopyTests.An_import_that_is_killed_fifty_times_is_equal'
        'WaMigration.Engine.Tests/KilledServerTests.A_copy_outlives_its_target_fifty_times'
        'WaMigration.Engine.Tests/KilledServerTests.A_copy_outlives_its_source_fifty_times'
        'WaMigration.Engine.Tests/KilledServerTests.An_import_outlives_its_target_fifty_times'
        'WaMigration.Tests/MySqlLargeRowTests.Rows_of_64_MB_of_MySQL_are_copied_exported_and_imported_within_bounds'
        'WaMigration.Engine.Tests/MySqlKilledServerTests.A_copy_outlives_its_target_fifty_times'
        'WaMigration.Engine.Tests/MySqlKilledServerTests.A_copy_outlives_its_source_fifty_times'
        'WaMigration.Engine.Tests/MySqlKilledServerTests.An_import_outlives_its_target_fifty_times'
        'WaMigration.Engine.Tests/MySqlHangingServerTests.A_load_into_a_MySQL_server_that_hangs_ends_by_itself_or_when_it_is_stopped'
        'WaMigration.Engine.Tests/MySqlHangingServerTests.An_engine_that_waits_for_room_on_a_full_disk_is_not_waited_for'
    ) | Where-Object { -not $Filter -or $_ -like "*$Filter*" }
    $count = @{ Passed = 0; Failed = 0; Skipped = 0; Problems = @() }
    Set-ShortProcess
    foreach ($entry in $slices) {
        $assembly, $slice = $entry -split '/'
        $done = [IO.Path]::Combine($folder, $slice)
        if ([IO.File]::Exists($done)) {
            $before = [int] [IO.File]::ReadAllText($done)
            $count.Passed += $before
            "$slice passed before ($before)."
            continue
        }
        $own = @{ Passed = 0; Failed = 0; Skipped = 0; Problems = @() }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-TestAssembly $assembly @('-explicit', 'only', '-method', "*.$slice") $own
        "$($slice): $($own.Passed) passed, $($own.Failed) failed, $([int] $watch.Elapsed.TotalSeconds) s"
        if (Test-Count $own) {
            [IO.File]::WriteAllText($done, [string] $own.Passed)
        }
        foreach ($key in 'Passed', 'Failed', 'Skipped', 'Problems') {
            $count[$key] += $own[$key]
        }
    }
    Write-Count $count
    if (-not (Test-Count $count)) {
        exit 1
    }
    [IO.Directory]::Delete($folder, $true)
}

# JSON by way of XML: the one reader that .NET and .NET Framework share.
function Read-Json([string] $Text) {
    $null = [Reflection.Assembly]::Load('System.Runtime.Serialization, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089')
    $reader = [Runtime.Serialization.Json.JsonReaderWriterFactory]::CreateJsonReader([Text.Encoding]::UTF8.GetBytes($Text), [Xml.XmlDictionaryReaderQuotas]::Max)
    $document = [xml]::new()
    $document.Load($reader)
    $document
}

function Get-Text([xml] $Json, [string] $Path) {
    $Json.SelectSingleNode("/root/$Path").InnerText
}

function Get-List([xml] $Json, [string] $Path) {
    $Json.SelectNodes("/root/$Path/item") | ForEach-Object { $_.InnerText }
}

function Get-Secret([xml] $Json, [string] $Path) {
    [Net.NetworkCredential]::new('', (Get-Text $Json $Path)).SecurePassword
}

function Get-Answer([string] $Address) {
    $client = [Net.WebClient]::new()
    try {
        Read-Json $client.DownloadString($Address)
    }
    finally {
        $client.Dispose()
    }
}

# Something that the lab does when it is asked.
function Invoke-LabAction([xml] $Lab, [string] $Name) {
    $client = [Net.WebClient]::new()
    try {
        Read-Json $client.UploadString((Get-Text $Lab 'controlUri') + $Name, '')
    }
    finally {
        $client.Dispose()
    }
}

# What the database server itself says, not the module.
function Get-DatabaseName([xml] $Lab, [string] $Side) {
    (Get-Answer ((Get-Text $Lab 'controlUri') + 'databases')).SelectNodes("/root/$Side/item") | ForEach-Object { $_.InnerText }
}

function Open-Lab([string] $Topology, [string] $DatabaseEngine) {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    $lab = [IO.Path]::Combine($root, 'tests', 'WaLab', 'bin', 'Release', 'net10.0', 'WaLab.dll')
    $start.Arguments = "exec `"$lab`" up --json --new absent --scale 0.02"
    $start.Arguments += ' --engine ' + @{ PostgreSql = 'postgres'; MariaDb = 'mariadb'; MySql = 'mysql' }[$DatabaseEngine]
    if ($Topology -eq 'TwoHosts') {
        $start.Arguments += ' --docker real --hosts 2'
    }
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}

# The lab goes down when its input closes.
function Close-Lab([Diagnostics.Process] $Process) {
    $Process.StandardInput.Close()
    if (-not $Process.WaitForExit(60000)) {
        $Process.Kill()
    }
    $Process.Dispose()
}

function Connect-DemoSetup([xml] $Lab, [string] $Side) {
    $known = @{
        ApiUri             = Get-Text $Lab "$Side/apiUri"
        Name               = Get-Text $Lab "$Side/name"
        Credential         = [pscredential]::new((Get-Text $Lab "$Side/user"), (Get-Secret $Lab "$Side/password"))
        ApiKey             = Get-Secret $Lab "$Side/apiKey"
        DockerHost         = @(Get-List $Lab "$Side/dockerHosts")
        DatabaseEngine     = Get-Text $Lab "$Side/databaseProduct"
        DatabaseServer     = Get-Text $Lab "$Side/databaseServer"
        DatabasePort       = Get-Text $Lab "$Side/databasePort"
        DatabaseCredential = [pscredential]::new((Get-Text $Lab "$Side/databaseUser"), (Get-Secret $Lab "$Side/databasePassword"))
        NamePrefix         = Get-Text $Lab "$Side/namePrefix"
    }
    if (Get-Text $Lab "$Side/certificateThumbprint") {
        $known.CertificateThumbprint = Get-Text $Lab "$Side/certificateThumbprint"
    }
    if (Get-Text $Lab "$Side/newPassword") {
        $known.NewPassword = Get-Secret $Lab "$Side/newPassword"
    }
    if ((Get-Text $Lab "$Side/installed") -eq 'false') {
        $known.NotInstalled = $true
    }
    Connect-WaSetup @known
}

# What the hosts themselves say, past the module and the lab's proxies.
function Show-DockerHost([xml] $Lab) {
    $docker = @(Get-Command docker -CommandType Application -ErrorAction SilentlyContinue)
    if ((Get-Text $Lab 'docker') -ne 'real' -or $docker.Count -eq 0) {
        return
    }
    foreach ($side in 'old', 'new') {
        $number = 0
        foreach ($address in Get-List $Lab "$side/directDockerHosts") {
            $number++
            '', "== docker ps on Docker host $number of the $side side:"
            & $docker[0].Path -H $address ps --all --format 'table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}'
        }
    }
}

# What must be true at the end, or the demo has failed.
function Assert-Fact([bool] $Holds, [string] $By, [string] $Fact) {
    if (-not $Holds) {
        throw "Not true: $Fact"
    }
    "  proved by $($By.PadRight(8)) $Fact"
}

# How many messages, receipts and contacts a client has, as its API tells (GET /v1/stats/db).
function Get-ApiCount($Setup) {
    $counts = @{}
    foreach ($one in Get-WaStatistics $Setup Db) {
        $counts[$one.Name] += [long] $one.Value
    }
    $counts
}

# Whether a call goes through; its error is the answer no.
function Test-Call([scriptblock] $Call, [string[]] $No) {
    try {
        $null = & $Call
        $true
    }
    catch {
        if ($No -notcontains $_.FullyQualifiedErrorId.Split(',')[0]) {
            throw
        }
        $false
    }
}

# Callbacks that the webhook receiver took, once what is waited for has come.
function Wait-Callback([xml] $Lab, [string] $XPath) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    do {
        [Threading.Thread]::Sleep(200)
        $callbacks = Get-Answer ((Get-Text $Lab 'controlUri') + 'callbacks')
    } until ($callbacks.SelectNodes($XPath).Count -gt 0 -or $watch.Elapsed.TotalSeconds -gt 30)
    $callbacks
}

# Rows of every table, as the database server itself has them.
function Get-TableRow([xml] $Lab, [string] $Side) {
    $rows = @{}
    foreach ($table in (Get-Answer ((Get-Text $Lab 'controlUri') + 'tables')).SelectNodes("/root/$Side/*")) {
        $rows[$table.LocalName] = [long] $table.InnerText
    }
    $rows
}

# Tables in which the new side has fewer rows than the old one had; cluster tables are the nodes' own.
function Get-MissingRow([hashtable] $Old, [hashtable] $New, [string[]] $Store) {
    foreach ($table in $Old.Keys) {
        if (($Store -contains $table.Split('.')[0]) -and $New[$table] -lt $Old[$table]) {
            "$table $($Old[$table]) -> $($New[$table])"
        }
    }
}

function Invoke-Demo([xml] $Lab, [int] $Option) {
    $contact = Get-Text $Lab 'testContact'
    Import-Module ([IO.Path]::Combine($moduleFolder, 'WaMigration.psd1'))

    Show-DockerHost $Lab

    # Each to the screen by itself: objects of several kinds in one stream would all be shown as lists.
    '', '== The old client: it serves the number and exchanges messages.'
    $old = Connect-DemoSetup $Lab 'old'
    $new = Connect-DemoSetup $Lab 'new'
    Get-WaClient $old | Out-Host
    Test-WaHealth $old | Out-Host
    Send-WaMessage $old -To $contact -Text 'Sent by the old client.' | Out-Host
    $databases = @(Get-DatabaseName $Lab 'old')
    $user = @{ Name = 'shopkeeper'; Password = Get-Secret $Lab 'old/password' }
    $null = New-WaUser $old @user
    $tokenFile = [IO.Path]::Combine($out, 'demo-token')
    $seal = [Net.NetworkCredential]::new('', [Guid]::NewGuid().ToString()).SecurePassword
    $null = Backup-WaToken $old -Path $tokenFile -Password $seal -Credential ([pscredential]::new($user.Name, $user.Password)) -Force
    $media = Invoke-LabAction $Lab 'media'
    $before = Get-TableRow $Lab 'old'
    $counts = Get-ApiCount $old

    $titles = @(
        'Option 1: the settings, and with them the registration of the number, move to the new setup.'
        'Option 2: settings and messages move to the new setup; API users and tokens stay behind.'
        'Option 3: the whole client moves, with its messages, API users and tokens.'
    )
    '', "== $($titles[$Option - 1])"
    $folder = [IO.Path]::Combine($out, 'demo')
    if ([IO.Directory]::Exists($folder)) {
        [IO.Directory]::Delete($folder, $true)
    }
    $migrate = @{
        Source         = $old
        Destination    = $new
        Path           = $folder
        BackupPassword = [Net.NetworkCredential]::new('', [Guid]::NewGuid().ToString()).SecurePassword
        TwoStepPin     = Get-Secret $Lab 'twoStepPin'
        TestRecipient  = $contact
        Confirm        = $false
    }
    $addresses = @(Get-List $Lab 'new/dockerHosts')
    if ($addresses.Count -gt 1) {
        $names = @(Get-List $Lab 'new/hostNames')
        $migrate.Placement = 0..($addresses.Count - 1) | ForEach-Object { @{ DockerHost = $addresses[$_]; HostName = $names[$_] } }
    }
    if ($Option -ne 3) {
        $migrate.ResetWebhook = $true
    }
    $migration = & (Get-WaRunbook -Option $Option).Path @migrate
    Show-DockerHost $Lab

    '', '== The ten steps of the guide.'
    $migration.Steps | Out-Host
    '', '== The two downtimes.'
    "  outbound (nothing can be sent):     $($migration.OutboundDowntime)"
    "  inbound (nothing reaches webhooks): $($migration.InboundDowntime)"
    '', '== What Get-WaMigration says.'
    Get-WaMigration $folder -Source $old -Destination $new | Out-Host

    '', '== What must be true now.'
    $open = @($migration.Steps | Where-Object { 'Done', 'Skipped' -notcontains $_.State })
    Assert-Fact ($migration.Steps[-1].Number -eq 10 -and $open.Count -eq 0) 'record' 'all ten steps are behind'
    Assert-Fact (Test-WaHealth $new -Quiet) 'API' 'the new client is healthy'
    Assert-Fact (@(Get-WaClient $old | Where-Object { $_.Role -ne 'Database' }).Count -eq 0) 'Docker' 'the old containers are gone'
    $left = @(Get-DatabaseName $Lab 'old')
    Assert-Fact ($databases.Count -gt 0 -and ($left -join ' ') -eq ($databases -join ' ')) 'server' "the old databases are all there: $left"
    Assert-DemoMessage $Lab $migration
    Assert-DemoData $Lab $Option @{ Rows = $before; Counts = $counts; Media = $media } $new
    Assert-DemoUser $Option $new @{ User = [pscredential]::new($user.Name, $user.Password); Admin = [pscredential]::new('admin', $user.Password); TokenFile = $tokenFile; Seal = $seal }
    Assert-DemoService $Lab $Option
    [IO.File]::Delete($tokenFile)
}

# Both ways, through the webhook.
function Assert-DemoMessage([xml] $Lab, $Migration) {
    $sent = "//statuses/item[id='$($Migration.TestMessageId)'][status='delivered']"
    Assert-Fact ((Wait-Callback $Lab $sent).SelectNodes($sent).Count -gt 0) 'webhook' 'the test message was delivered'
    $asked = Get-Text (Invoke-LabAction $Lab 'inbound') 'id'
    $callbacks = Wait-Callback $Lab "//messages/item[id='$asked']"
    Assert-Fact ($callbacks.SelectNodes("//messages/item[id='$asked']").Count -gt 0) 'webhook' 'a message to the number came through the new client'
    $taken = @($callbacks.SelectNodes("//callbacks/item[taken='true']/body/messages/item/id") | ForEach-Object { $_.InnerText })
    $once = [Collections.Generic.HashSet[string]]::new([string[]] $taken)
    Assert-Fact ($taken.Count -gt 0 -and $once.Count -eq $taken.Count) 'webhook' "none of $($taken.Count) messages to the number came twice"
}

# What the option carries is there, and what it does not carry is not.
function Assert-DemoData([xml] $Lab, [int] $Option, [hashtable] $Before, $New) {
    $carried = $Option -gt 1
    $counts = Get-ApiCount $New
    $what = @{ db_messages = 'messages'; db_message_receipts = 'receipts of messages'; db_contacts = 'contacts' }
    foreach ($name in 'db_messages', 'db_message_receipts', 'db_contacts') {
        $told = "$($Before.Counts[$name]) -> $($counts[$name])"
        if ($carried) {
            Assert-Fact ($Before.Counts[$name] -gt 0 -and $counts[$name] -ge $Before.Counts[$name]) 'API' "the $($what[$name]) of the old client are there: $told"
        }
        else {
            Assert-Fact ($counts[$name] -lt $Before.Counts[$name]) 'API' "the $($what[$name]) stayed behind: $told"
        }
    }
    $file = Get-Answer ((Get-Text $Lab 'controlUri') + 'media/' + (Get-Text $Before.Media 'id'))
    if ($carried) {
        Assert-Fact ((Get-Text $file 'sha256') -eq (Get-Text $Before.Media 'sha256')) 'API' 'the media id of before gives the same file'
    }
    else {
        Assert-Fact ((Get-Text $file 'status') -eq '404') 'API' 'the media id of before gives nothing'
    }
    # The API shows neither keys nor single rows.
    $missing = @(Get-MissingRow $Before.Rows (Get-TableRow $Lab 'new') @('messageStore', 'contactStore', 'axolotlStore'))
    if ($carried) {
        Assert-Fact ($missing.Count -eq 0) 'rows' 'no table of messages, contacts and keys has fewer rows than before'
    }
    else {
        Assert-Fact ($missing.Count -gt 0) 'rows' "tables that begin anew: $($missing.Count)"
    }
}

# Users, passwords and tokens move with Option 3 alone.
function Assert-DemoUser([int] $Option, $New, [hashtable] $Old) {
    $moved = $Option -eq 3
    $scratch = "$($Old.TokenFile)-new"
    Assert-Fact ((Test-WaToken $New -Path $Old.TokenFile -Password $Old.Seal).IsAccepted -eq $moved) 'API' "the token of an API user is good on the new setup: $moved"
    Assert-Fact ((Test-Call { Get-WaUser $New -Name $Old.User.UserName } 'ApiNotFound') -eq $moved) 'API' "the API user is there: $moved"
    Assert-Fact ((Test-Call { Backup-WaToken $New $scratch $Old.Seal -Credential $Old.User -Force } 'LoginRefused') -eq $moved) 'API' "its password logs in: $moved"
    Assert-Fact ((Test-Call { Backup-WaToken $New $scratch $Old.Seal -Credential $Old.Admin -Force } 'LoginRefused') -eq $moved) 'API' "the old admin password is the one that counts: $moved"
    [IO.File]::Delete($scratch)
}

function Assert-DemoService([xml] $Lab, [int] $Option) {
    $state = Get-Answer ((Get-Text $Lab 'service/controlUri') + 'state')
    $restores = [int] ($Option -eq 1)
    $expected = [ordered] @{ removed = 0; renewed = 0; restores = $restores; kicks = 0; keyErrors = 0; counterErrors = 0; duplicateMessages = 0 }
    foreach ($count in $expected.Keys) {
        Assert-Fact ((Get-Text $state "numbers/item/$count") -eq $expected[$count]) 'service' "$count $($expected[$count])"
    }
    Assert-Fact ((Get-Text $state 'numbers/item/registered') -eq 'true') 'service' 'the number is registered, and never was anew'
}

function Invoke-DemoTask([string] $Topology, [string] $DatabaseEngine, [int] $Option) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    'Building the module and the lab ...'
    Invoke-DotNet build 'src/WaMigration/WaMigration.csproj'
    Invoke-DotNet build 'tests/WaLab/WaLab.csproj'
    'Starting the lab: an old client that serves its number, machines for a new one, and all that is around them ...'
    $process = Open-Lab $Topology $DatabaseEngine
    try {
        $line = $process.StandardOutput.ReadLine()
        if (-not $line) {
            throw 'The lab did not come up; what it lacks is said above.'
        }
        $lab = Read-Json $line
        'Docker hosts: ' + (Get-Text $lab 'dockerReason')
        'Database server: ' + (Get-Text $lab 'databaseServer')
        Invoke-Demo $lab $Option
    }
    finally {
        Close-Lab $process
    }
    '', "The demo took $([int] $watch.Elapsed.TotalSeconds) seconds."
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
    'Test' { Invoke-TestTask $Filter }
    'Soak' { Invoke-SoakTask $Filter }
    'Demo' { Invoke-DemoTask $Topology $DatabaseEngine $Option }
    'Package' { Invoke-PackageTask }
    'Clean' { Invoke-CleanTask }
}
