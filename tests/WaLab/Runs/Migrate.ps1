<#
.SYNOPSIS
What an administrator would start again after a crash: the whole of a migration, in a process of its own.
.DESCRIPTION
Secrets come by the environment, since process arguments are seen by everybody.
.PARAMETER Manifest
The module to import.
.PARAMETER Runbook
The runbook.
.PARAMETER Option
The guide's option that it is of.
.PARAMETER Folder
Where the migration keeps its record.
.PARAMETER OldApi
The API of the old client.
.PARAMETER OldDockerHost
The Docker hosts of the old client, with semicolons between them.
.PARAMETER OldThumbprint
The pin of the old client.
.PARAMETER NewApi
The API that the new client gets.
.PARAMETER NewDockerHost
The Docker hosts of the new client, likewise.
.PARAMETER NewHostName
The names by which containers reach those hosts, likewise.
.PARAMETER DatabaseEngine
The kind of the database server of the new client.
.PARAMETER OldDatabaseUser
The old client's login there.
.PARAMETER OldNamePrefix
What the old databases begin with.
.PARAMETER DatabaseServer
The database server of the new client.
.PARAMETER DatabasePort
Its port.
.PARAMETER DatabaseUser
Its login.
.PARAMETER NamePrefix
What the new databases begin with.
.PARAMETER WebhookUri
The webhook that is set at the end.
.PARAMETER WebhookCa
The file with its CA certificate.
.PARAMETER TestRecipient
Who gets the test message.
.PARAMETER PauseBefore
The step before which it ends.
.EXAMPLE
./Migrate.ps1 -Manifest out/WaMigration/WaMigration.psd1 -Folder ./migration -OldApi https://127.0.0.1:9090
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Runbook,
    [Parameter(Mandatory)] [int] $Option,
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [uri] $OldApi,
    [Parameter(Mandatory)] [string] $OldDockerHost,
    [Parameter(Mandatory)] [string] $OldThumbprint,
    [Parameter(Mandatory)] [uri] $NewApi,
    [Parameter(Mandatory)] [string] $NewDockerHost,
    [string] $NewHostName,
    [Parameter(Mandatory)] [string] $DatabaseEngine,
    [Parameter(Mandatory)] [string] $OldDatabaseUser,
    [Parameter(Mandatory)] [string] $OldNamePrefix,
    [Parameter(Mandatory)] [string] $DatabaseServer,
    [Parameter(Mandatory)] [int] $DatabasePort,
    [Parameter(Mandatory)] [string] $DatabaseUser,
    [Parameter(Mandatory)] [string] $NamePrefix,
    [Parameter(Mandatory)] [uri] $WebhookUri,
    [Parameter(Mandatory)] [string] $WebhookCa,
    [Parameter(Mandatory)] [string] $TestRecipient,
    [int] $PauseBefore
)

$ErrorActionPreference = 'Stop'

# Whoever reads the output knows errors by their ids.
trap {
    $Host.UI.WriteLine("error $($_.FullyQualifiedErrorId)")
    break
}
Import-Module $Manifest

function Get-Secret([string] $Name) {
    $secret = [securestring]::new()
    foreach ($character in [Environment]::GetEnvironmentVariable($Name).ToCharArray()) {
        $secret.AppendChar($character)
    }
    $secret
}

# Once its containers are gone, nothing tells where the databases of the old client are.
$known = @{}
if ($Option -ne 1) {
    $known = @{
        DatabaseEngine     = $DatabaseEngine
        DatabaseServer     = $DatabaseServer
        DatabasePort       = $DatabasePort
        NamePrefix         = $OldNamePrefix
        DatabaseCredential = [pscredential]::new($OldDatabaseUser, (Get-Secret 'LAB_OLD_DATABASE_PASSWORD'))
    }
}

$old = Connect-WaSetup @known -Name old -ApiUri $OldApi -DockerHost $OldDockerHost.Split(';') -CertificateThumbprint $OldThumbprint `
    -Credential ([pscredential]::new('admin', (Get-Secret 'LAB_OLD_PASSWORD')))
$new = Connect-WaSetup -Name new -NotInstalled -ApiUri $NewApi -DockerHost $NewDockerHost.Split(';') `
    -Credential ([pscredential]::new('admin', (Get-Secret 'LAB_FACTORY_PASSWORD'))) -NewPassword (Get-Secret 'LAB_NEW_PASSWORD') `
    -DatabaseEngine $DatabaseEngine -DatabaseServer $DatabaseServer -DatabasePort $DatabasePort -NamePrefix $NamePrefix `
    -DatabaseCredential ([pscredential]::new($DatabaseUser, (Get-Secret 'LAB_DATABASE_PASSWORD')))

# Several hosts: the vendor's production form, one of each node on each.
$more = @{}
$addresses = $NewDockerHost.Split(';')
if ($addresses.Count -gt 1) {
    $names = $NewHostName.Split(';')
    $more.Placement = 0..($addresses.Count - 1) | ForEach-Object { @{ DockerHost = $addresses[$_]; HostName = $names[$_] } }
}

if ($Option -eq 1) {
    $more.AllowUndelivered = $true
}
if ($Option -ne 3) {
    $more.ResetWebhook = $true
}
if ($PauseBefore) {
    $more.PauseBefore = $PauseBefore
}

$migration = & $Runbook @more -Source $old -Destination $new -Path $Folder -BackupPassword (Get-Secret 'LAB_BACKUP_PASSWORD') `
    -TwoStepPin (Get-Secret 'LAB_PIN') -WebhookUri $WebhookUri -WebhookCaCertificatePath $WebhookCa `
    -TestRecipient $TestRecipient -HealthTimeoutSec 60 -Confirm:$false
foreach ($step in $migration.Steps) {
    "$($step.Number) $($step.State)"
}
"state $($migration.State)"
"outbound $($migration.OutboundDowntime)"
"inbound $($migration.InboundDowntime)"
"peak $([int] ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB)) MB"
