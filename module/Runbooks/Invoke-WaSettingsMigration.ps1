<#
.SYNOPSIS
Option 1 of the vendor's migration guide: moves the settings and the registration of a number to a new setup.
.DESCRIPTION
The ten steps of the guide, in its order. Messages, callbacks, contacts, API users and tokens stay behind in the old
databases, which are not touched.

Run it again with the same -Path after any interruption: it goes on where it stood, passes over what is done, and asks
the setups themselves before it repeats anything. -WhatIf shows the whole plan and changes nothing. At any time

    Get-WaMigration -Path <folder>

says where the migration stands, which side serves the number, the next command and the way back.

Between two companies, neither of which sees the other's machines, each runs it for its own side and they exchange the
files of a hand-over folder. First the new side (-Side Destination): it installs, and writes ready.json. Then the old
side (-Side Source): it backs up, removes its client, and writes hand-over.json and the sealed backup. Then the new
side again: it restores and serves, and writes done.json.
.PARAMETER Source
The old setup, from Connect-WaSetup.
.PARAMETER Destination
The new setup, from Connect-WaSetup. With -NotInstalled there it is installed in step 1.
.PARAMETER Path
The migration's folder: record, journal, backup, and the definitions of the old containers. Keep it.
.PARAMETER BackupPassword
Seals the settings backup and the definitions of the old containers, and opens them again.
.PARAMETER TwoStepPin
Turns two-step verification off in step 3 and on again, with this PIN, in step 8.
.PARAMETER ResetWebhook
Turns the old webhook off in step 3, where the webhook server changes too. The inbound downtime begins there.
.PARAMETER WebhookUri
The webhook of the new setup. The old one's by default.
.PARAMETER WebhookCaCertificatePath
A PEM file with the authority of the webhook's certificate. What the old setup had by default.
.PARAMETER ExternalCertificatePath
A PEM file with the certificate that the new API is to show: private key, certificate, authority, in this order. It is set
in step 9.
.PARAMETER MediaProviderPath
A JSON file with media providers that are set in step 9, since the backup does not hold them: see Set-WaMediaProvider.
.PARAMETER TestRecipient
Who gets the test message: a number that wrote to the business within 24 hours.
.PARAMETER TestText
Its text.
.PARAMETER SkipTestMessage
Sends no test message.
.PARAMETER AllowUndelivered
Goes on though the old client has messages or callbacks that it could not deliver. They are left behind.
.PARAMETER DrainTimeoutSec
How long the old client may take to deliver what it still has.
.PARAMETER HealthTimeoutSec
How long the new client may take to answer, and to become healthy.
.PARAMETER Placement
What goes onto which Docker host, where the new setup has several: see Install-WaClient.
.PARAMETER Masters
With -Side Destination, where there is no old setup to take it from: Masters of the new client.
.PARAMETER Coreapps
Likewise: Coreapps.
.PARAMETER ClientVersion
Likewise: the version of the client.
.PARAMETER Shards
Likewise: shards. Also states them where the new client does not tell them before it is registered.
.PARAMETER Side
Whose machines this run works on.
.PARAMETER HandOverPath
The folder in which the two companies exchange their files.
.PARAMETER UninstallAction
Removes an old client that is not in Docker, in place of Remove-WaClient. It gets the old setup. That the client is
stopped is proved afterwards all the same.
.PARAMETER InstallAction
Installs a new client that is not in Docker, in place of Install-WaClient. It gets the new setup.
.PARAMETER SourceStopped
States that the old client is stopped, where that cannot be looked at. Recorded with name and time.
.EXAMPLE
$old = Connect-WaSetup -Name old -ApiUri https://wa1.example.com:9090 -Credential admin -DockerHost unix:///var/run/docker.sock
$new = Connect-WaSetup -Name new -ApiUri https://wa2.example.com:9090 -Credential admin -DockerHost ssh://wa2.example.com -DatabaseServer db2.example.com -DatabaseCredential wa -NotInstalled
& (Get-WaRunbook Invoke-WaSettingsMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111 -WhatIf

Shows what would be done, with every container, address and file, and the expected outage.
.EXAMPLE
& (Get-WaRunbook Invoke-WaSettingsMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111

Does it. The password for the backup is asked for.
.EXAMPLE
& (Get-WaRunbook Invoke-WaSettingsMigration).Path -Side Source -Source $old -Path ./migration -HandOverPath ./exchange

Does the old side's part, once the other company's ready.json lies in ./exchange.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
[OutputType('WaMigration.WaMigration')]
param(
    [PSTypeName('WaMigration.WaSetup')] $Source,

    [PSTypeName('WaMigration.WaSetup')] $Destination,

    [Parameter(Mandatory)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory)]
    [securestring] $BackupPassword,

    [securestring] $TwoStepPin,

    [switch] $ResetWebhook,

    [uri] $WebhookUri,

    [string] $WebhookCaCertificatePath,

    [string] $ExternalCertificatePath,

    [string] $MediaProviderPath,

    [string] $TestRecipient,

    [string] $TestText = 'Test after the migration of this number.',

    [switch] $SkipTestMessage,

    [switch] $AllowUndelivered,

    [ValidateRange(0, 86400)]
    [int] $DrainTimeoutSec = 60,

    [ValidateRange(1, 86400)]
    [int] $HealthTimeoutSec = 300,

    [hashtable[]] $Placement,

    [ValidateRange(0, 64)]
    [int] $Masters,

    [ValidateRange(1, 256)]
    [int] $Coreapps,

    [string] $ClientVersion,

    [ValidateSet('1', '2', '4', '8', '16', '32')]
    [string] $Shards,

    [ValidateSet('Both', 'Source', 'Destination')]
    [string] $Side = 'Both',

    [string] $HandOverPath,

    [scriptblock] $UninstallAction,

    [scriptblock] $InstallAction,

    [switch] $SourceStopped
)

$ErrorActionPreference = 'Stop'

if (-not $TestRecipient -and -not $SkipTestMessage -and $Side -ne 'Source') {
    $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new(
            [ArgumentException]::new('Say who gets the test message of step 7 with -TestRecipient, or that none is sent with -SkipTestMessage.'),
            'TestRecipientNeeded', 'InvalidArgument', $null))
}

# One question for the whole; the steps ask no more. Under -WhatIf everything goes on, and tells.
if ($PSCmdlet.ShouldProcess("$Source -> $Destination ($Path)", 'Migrate the settings (Option 1)')) {
    $ConfirmPreference = 'None'
}
elseif (-not $WhatIfPreference) {
    return
}

# What a new client is installed like: the old one, or numbers where another company has the old one.
$shape = @{ Like = $Source }
if ($PSBoundParameters.ContainsKey('Coreapps')) {
    $shape = @{ Masters = $Masters; Coreapps = $Coreapps; ClientVersion = $ClientVersion }
    if ($Shards) { $shape.Shards = $Shards }
}
if ($Placement) { $shape.Placement = $Placement }
$told = @{}
if ($Shards) { $told.Shards = $Shards }

$start = @{
    Option          = 1
    Path            = $Path
    Side            = $Side
    Source          = $Source
    Destination     = $Destination
    HandOverPath    = $HandOverPath
    BackupPassword  = $BackupPassword
    SecretUntilStep = @{ BackupPassword = 6; TwoStepPin = 8 }
    Runbook         = $MyInvocation
}
$m = Start-WaMigration @start
try {
    $install = $m.Steps[0].State
    if ('Done', 'Skipped' -notcontains $install) {
        $null = Test-WaMigration $m -Phase Plan -Require
    }

    $isThere = $install -eq 'NotStarted' -and $Destination -and $Destination.State -eq 'Running'
    $null = Invoke-WaMigrationStep $m -Number 1 -Name 'Install the new setup' -Side Destination -Skip:$isThere -Reason 'it runs already' -ScriptBlock {
        if (-not $InstallAction) {
            Install-WaClient $Destination @shape -TimeoutSec $HealthTimeoutSec
        }
        elseif (-not $WhatIfPreference) {
            & $InstallAction $Destination
        }
    }

    $null = Invoke-WaMigrationStep $m -Number 2 -Name 'Get a new auth token on the new setup' -Side Destination -ScriptBlock {
        Connect-WaSetup -Setup $Destination -WaitSec $HealthTimeoutSec
    }

    if ($m.AwaitsOtherSide) {
        return Complete-WaMigration $m -HandOver
    }

    $null = Invoke-WaMigrationStep $m -Number 3 -Name 'Clean up' -Side Source -ScriptBlock {
        Test-WaMigration $m -Phase Ready -Require @told
        if ($TwoStepPin) {
            Disable-WaTwoStepVerification $Source
        }
        if ($ResetWebhook) {
            Clear-WaWebhook $Source
        }
    }

    $null = Invoke-WaMigrationStep $m -Number 4 -Name 'Back up the settings from the current setup' -Side Source -ScriptBlock {
        Backup-WaSettings $Source -Path $m.SettingsBackupPath -Password $BackupPassword -Force
    }

    # The downtime begins here.
    $null = Invoke-WaMigrationStep $m -Number 5 -Name 'Uninstall the current setup' -Side Source -ScriptBlock {
        Test-WaMigration $m -Phase CutOver -BackupPassword $BackupPassword -Require @told
        if (-not $UninstallAction) {
            Remove-WaClient $Source -KeepDatabase -DefinitionPath $m.SourceClientPath -DefinitionPassword $BackupPassword -DrainTimeoutSec $DrainTimeoutSec -AllowUndelivered:$AllowUndelivered
        }
        elseif (-not $WhatIfPreference) {
            & $UninstallAction $Source
        }
        Test-WaMigration $m -Phase Stopped -SourceStopped:$SourceStopped -Require
    }

    if ($m.AwaitsOtherSide) {
        return Complete-WaMigration $m -HandOver
    }

    $null = Invoke-WaMigrationStep $m -Number 6 -Name 'Restore the settings on the new setup' -Side Destination -ScriptBlock {
        Restore-WaSettings $Destination -Path $m.SettingsBackupPath -Password $BackupPassword -SourceStopped:($SourceStopped -or $Side -eq 'Destination') @told
    }

    $null = Invoke-WaMigrationStep $m -Number 7 -Name 'Health check and test message' -Side Destination -ScriptBlock {
        Test-WaHealth $Destination -Wait -TimeoutSec $HealthTimeoutSec
        if (-not $SkipTestMessage -and -not $m.TestMessageId) {
            Send-WaMessage $Destination -To $TestRecipient -Text $TestText
        }
    }

    $null = Invoke-WaMigrationStep $m -Number 8 -Name 'Turn two-step verification on again' -Side Destination -Skip:(-not $TwoStepPin) -Reason 'step 3 did not turn it off' -ScriptBlock {
        Enable-WaTwoStepVerification $Destination -Pin $TwoStepPin
    }

    $null = Invoke-WaMigrationStep $m -Number 9 -Name 'Set the webhooks up' -Side Destination -ScriptBlock {
        $webhook = @{ Uri = $m.SourceWebhookUri; CaCertificate = $m.SourceWebhookCaCertificate }
        if ($WebhookUri) {
            $webhook = @{ Uri = $WebhookUri }
        }
        if ($WebhookCaCertificatePath) {
            $webhook.Remove('CaCertificate')
            $webhook.CaCertificatePath = $WebhookCaCertificatePath
        }
        if ($webhook.Uri) {
            Set-WaWebhook $Destination @webhook -RestartCoreapps
            Test-WaHealth $Destination -Wait -TimeoutSec $HealthTimeoutSec
        }
        if ($MediaProviderPath) {
            Set-WaMediaProvider $Destination -Path $MediaProviderPath
        }
        if ($ExternalCertificatePath) {
            Set-WaCertificate $Destination External $ExternalCertificatePath -Restart
        }
        Test-WaMigration $m -Phase Served -Require
    }

    # The old databases stay for at least 14 days: Test-WaHealth -Migration once a day, then Remove-WaDatabase.
    $null = Invoke-WaMigrationStep $m -Number 10 -Name 'Drop the old database' -ScriptBlock {
        if ($Side -ne 'Source') {
            Test-WaHealth $Destination -Migration $m
        }
    }

    Complete-WaMigration $m
}
finally {
    # Frees the folder; a migration that is not done stands at Failed or Interrupted, and goes on from there.
    $m.Dispose()
}
