<#
.SYNOPSIS
What an administrator would start again after a crash: the whole of Option 1, in a process of its own.
.DESCRIPTION
Secrets come by the environment, since process arguments are seen by everybody.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Runbook,
    [Parameter(Mandatory)] [string] $Folder,
    [Parameter(Mandatory)] [uri] $OldApi,
    [Parameter(Mandatory)] [uri] $OldDockerHost,
    [Parameter(Mandatory)] [string] $OldThumbprint,
    [Parameter(Mandatory)] [uri] $NewApi,
    [Parameter(Mandatory)] [uri] $NewDockerHost,
    [Parameter(Mandatory)] [string] $DatabaseServer,
    [Parameter(Mandatory)] [int] $DatabasePort,
    [Parameter(Mandatory)] [string] $DatabaseUser,
    [Parameter(Mandatory)] [string] $NamePrefix,
    [Parameter(Mandatory)] [uri] $WebhookUri,
    [Parameter(Mandatory)] [string] $WebhookCa,
    [Parameter(Mandatory)] [string] $TestRecipient
)

$ErrorActionPreference = 'Stop'
Import-Module $Manifest

function Get-Secret([string] $Name) {
    $secret = [securestring]::new()
    foreach ($character in [Environment]::GetEnvironmentVariable($Name).ToCharArray()) {
        $secret.AppendChar($character)
    }
    $secret
}

$old = Connect-WaSetup -Name old -ApiUri $OldApi -DockerHost $OldDockerHost -CertificateThumbprint $OldThumbprint `
    -Credential ([pscredential]::new('admin', (Get-Secret 'LAB_OLD_PASSWORD')))
$new = Connect-WaSetup -Name new -NotInstalled -ApiUri $NewApi -DockerHost $NewDockerHost `
    -Credential ([pscredential]::new('admin', (Get-Secret 'LAB_FACTORY_PASSWORD'))) -NewPassword (Get-Secret 'LAB_NEW_PASSWORD') `
    -DatabaseEngine PostgreSql -DatabaseServer $DatabaseServer -DatabasePort $DatabasePort -NamePrefix $NamePrefix `
    -DatabaseCredential ([pscredential]::new($DatabaseUser, (Get-Secret 'LAB_DATABASE_PASSWORD')))

$migration = & $Runbook -Source $old -Destination $new -Path $Folder -BackupPassword (Get-Secret 'LAB_BACKUP_PASSWORD') `
    -TwoStepPin (Get-Secret 'LAB_PIN') -ResetWebhook -WebhookUri $WebhookUri -WebhookCaCertificatePath $WebhookCa `
    -TestRecipient $TestRecipient -AllowUndelivered -HealthTimeoutSec 60 -Confirm:$false
foreach ($step in $migration.Steps) {
    "$($step.Number) $($step.State)"
}
"state $($migration.State)"
