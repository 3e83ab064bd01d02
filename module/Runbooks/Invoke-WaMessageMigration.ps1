<#
.SYNOPSIS
Option 2 of the vendor's migration guide: moves settings and messages to a new setup, without API users and tokens.
.DESCRIPTION
The ten steps of the guide, in its order, and before them one of our own: number 0 copies the databases while the old client
still serves, and makes the new containers without starting them. Right before the downtime what has changed is copied once
more; inside it only what has changed since is copied, and everything is verified. waweb, the store of API users and tokens,
stays behind; the new setup gets a fresh one.

Run it again with the same -Path after any interruption: it goes on where it stood, passes over what is done, and asks
the setups themselves before it repeats anything. -WhatIf shows the whole plan and changes nothing. At any time

    Get-WaMigration -Path <folder>

says where the migration stands, which side serves the number, the next command and the way back.

Between two companies, neither of which sees the other's machines, each runs it for its own side and they exchange the
files of a hand-over folder. First the old side (-Side Source): it removes its client, and exports databases and media into
that folder, encrypted with the backup password. Then the new side (-Side Destination, with the same password): it imports,
installs and serves, and writes done.json. The whole export and import lie inside the downtime then.

The backup of the old databases is what stays of them: nothing touches them, and their digests are in the record.
-ArchivePath writes an archive as well. The settings are backed up, too, for the way back.
.PARAMETER Source
The old setup, from Connect-WaSetup.
.PARAMETER Destination
The new setup, from Connect-WaSetup with -NotInstalled and its database server.
.PARAMETER Path
The migration's folder: record, journal, backup, and the definitions of the old containers. Keep it.
.PARAMETER BackupPassword
Seals the settings backup, the definitions of the old containers and the archive, and opens them again.
.PARAMETER TwoStepPin
Turns two-step verification off in step 1 and on again, with this PIN, in step 8.
.PARAMETER ResetWebhook
Turns the old webhook off in step 1, where the webhook server changes too. The inbound downtime begins there.
.PARAMETER WebhookUri
The webhook of the new setup. The old one's by default.
.PARAMETER WebhookCaCertificatePath
A PEM file with the authority of the webhook's certificate. What the old setup had by default.
.PARAMETER ExternalCertificatePath
A PEM file with the certificate that the new API is to show: private key, certificate, authority, in this order. It is set
in step 9.
.PARAMETER MediaProviderPath
A JSON file with media providers that are set in step 9 besides those that come along with the databases: see Set-WaMediaProvider.
.PARAMETER TestRecipient
Who gets the test message: a number that wrote to the business within 24 hours.
.PARAMETER TestText
Its text.
.PARAMETER SkipTestMessage
Sends no test message.
.PARAMETER Transfer
Copy moves rows from server to server; Archive writes them to files first (step 3) and loads them from there (step 4).
.PARAMETER ArchivePath
A folder that step 3 exports the old databases into, encrypted with the backup password. With -Transfer Archive it is in the
migration's folder by default.
.PARAMETER SkipPreCopy
Copies nothing beforehand; all of it then happens inside the downtime.
.PARAMETER SkipMedia
Leaves the media files behind; media ids of before will not work.
.PARAMETER Rehearsal
Checks, copies and verifies against the real new databases, says what the downtimes would be, and leaves the old client
alone. The real run uses that copy.
.PARAMETER PauseBefore
Ends before that step of the guide; the same command without it goes on.
.PARAMETER DrainTimeoutSec
How long the old client may take to deliver what it still has. What is left goes along and is delivered by the new one.
.PARAMETER HealthTimeoutSec
How long the new client may take to answer, and to become healthy.
.PARAMETER Placement
What goes onto which Docker host, where the new setup has several: see Install-WaClient.
.PARAMETER Side
Whose machines this run works on.
.PARAMETER HandOverPath
The folder in which the two companies exchange their files.
.PARAMETER UninstallAction
Removes an old client that is not in Docker, in place of Remove-WaClient. It gets the old setup. That the client is
stopped is proved afterwards all the same.
.PARAMETER InstallAction
Installs and starts a new client that is not in Docker, in place of Install-WaClient. It gets the new setup.
.PARAMETER SourceStopped
States that the old client is stopped, where that cannot be looked at. Recorded with name and time.
.EXAMPLE
$old = Connect-WaSetup -Name old -ApiUri https://wa1.example.com:9090 -Credential admin -DockerHost unix:///var/run/docker.sock
$new = Connect-WaSetup -Name new -ApiUri https://wa2.example.com:9090 -Credential admin -DockerHost ssh://wa2.example.com -DatabaseEngine PostgreSql -DatabaseServer db2.example.com -DatabaseCredential wa -NotInstalled
& (Get-WaRunbook Invoke-WaMessageMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111 -Rehearsal

Copies and verifies everything while the old client serves, and says how long the real run would stop the number.
.EXAMPLE
& (Get-WaRunbook Invoke-WaMessageMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111

Does it. The password for the backup is asked for.
.EXAMPLE
& (Get-WaRunbook Invoke-WaMessageMigration).Path -Side Source -Source $old -Path ./migration -HandOverPath ./exchange

Does the old side's part; ./exchange then goes to the other company.
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

    [ValidateSet('Copy', 'Archive')]
    [string] $Transfer = 'Copy',

    [string] $ArchivePath,

    [switch] $SkipPreCopy,

    [switch] $SkipMedia,

    [switch] $Rehearsal,

    [ValidateRange(1, 10)]
    [int] $PauseBefore,

    [ValidateRange(0, 86400)]
    [int] $DrainTimeoutSec = 10,

    [ValidateRange(1, 86400)]
    [int] $HealthTimeoutSec = 300,

    [hashtable[]] $Placement,

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
$what = 'Migrate settings and messages (Option 2)'
if ($Rehearsal) {
    $what = 'Rehearse the migration of settings and messages (Option 2)'
}
if ($PSCmdlet.ShouldProcess("$Source -> $Destination ($Path)", $what)) {
    $ConfirmPreference = 'None'
}
elseif (-not $WhatIfPreference) {
    return
}

$start = @{
    Option          = 2
    Path            = $Path
    Side            = $Side
    HandOverPath    = $HandOverPath
    Source          = $Source
    Destination     = $Destination
    BackupPassword  = $BackupPassword
    SecretUntilStep = @{ BackupPassword = 4; TwoStepPin = 8 }
    Rehearsal       = $Rehearsal
    Runbook         = $MyInvocation
}
if ($PauseBefore) { $start.PauseBefore = $PauseBefore }

$m = Start-WaMigration @start
try {
    $mediaPath = $null
    if ($Side -ne 'Both') {
        $Transfer = 'Archive'
        $ArchivePath = [IO.Path]::Combine($HandOverPath, 'databases')
        $mediaPath = [IO.Path]::Combine($HandOverPath, 'media')
    }
    elseif (-not $ArchivePath -and $Transfer -eq 'Archive') {
        $ArchivePath = $m.ArchivePath
    }

    # What the new client is made like: the old one, or what the other company said of it.
    $shape = @{ Like = $Source }
    if ($Side -eq 'Destination') {
        $shape = @{ Masters = $m.SourceTopology.Masters; Coreapps = $m.SourceTopology.Coreapps; ClientVersion = $m.SourceTopology.ClientVersion }
    }
    if ($Placement) { $shape.Placement = $Placement }

    # Ours, before the guide's ten: the long part, while the old client serves.
    $null = Invoke-WaMigrationStep $m -Number 0 -Name 'Prepare while the old client serves' -ScriptBlock {
        Test-WaMigration $m -Phase Plan -Require
        if (-not $InstallAction -and $Side -ne 'Source') {
            Install-WaClient $Destination @shape -NoStart
        }
        if (-not $SkipPreCopy -and $Side -eq 'Both') {
            Copy-WaDatabase $Source $Destination -ExcludeWaweb -Update -AllowActiveClient
            if (-not $SkipMedia) {
                Copy-WaMedia $Source $Destination -AllowActiveClient
            }
        }
        if ($Rehearsal -and $Side -eq 'Both') {
            # What the last pass will take: as much as this one, with little changed since.
            Copy-WaDatabase $Source $Destination -ExcludeWaweb -Update -AllowActiveClient
        }
    }

    $null = Invoke-WaMigrationStep $m -Number 1 -Name 'Clean up' -Side Source -ScriptBlock {
        if ($TwoStepPin) {
            Disable-WaTwoStepVerification $Source
        }
        if ($ResetWebhook) {
            Clear-WaWebhook $Source
        }
    }

    # The downtime begins here.
    $null = Invoke-WaMigrationStep $m -Number 2 -Name 'Uninstall the current setup' -Side Source -ScriptBlock {
        if ($m.ServedBy -eq 'Source') {
            Backup-WaSettings $Source -Path $m.SettingsBackupPath -Password $BackupPassword -Force
        }
        Test-WaMigration $m -Phase CutOver -BackupPassword $BackupPassword -Require
        if ($m.ServedBy -eq 'Source' -and -not $SkipPreCopy -and $Side -eq 'Both') {
            # What came since the copy made beforehand, so that only a moment's changes are left for the downtime.
            Copy-WaDatabase $Source $Destination -ExcludeWaweb -Update -AllowActiveClient
            if (-not $SkipMedia) {
                Copy-WaMedia $Source $Destination -AllowActiveClient
            }
        }
        if (-not $UninstallAction) {
            Remove-WaClient $Source -KeepDatabase -DefinitionPath $m.SourceClientPath -DefinitionPassword $BackupPassword -DrainTimeoutSec $DrainTimeoutSec -AllowUndelivered
        }
        elseif (-not $WhatIfPreference) {
            & $UninstallAction $Source
        }
        Test-WaMigration $m -Phase Stopped -SourceStopped:$SourceStopped -Require
    }

    $null = Invoke-WaMigrationStep $m -Number 3 -Name 'Back up all databases except waweb' -Side Source -Skip:(-not $ArchivePath) -Reason 'the old databases stay and are the backup' -ScriptBlock {
        Export-WaDatabase $Source $ArchivePath -ExcludeWaweb -EncryptionPassword $BackupPassword -AllowActiveClient:$WhatIfPreference
        if ($mediaPath -and -not $SkipMedia) {
            Export-WaMedia $Source $mediaPath -EncryptionPassword $BackupPassword -AllowActiveClient:$WhatIfPreference
        }
    }

    if ($m.AwaitsOtherSide) {
        return Complete-WaMigration $m -HandOver
    }

    $null = Invoke-WaMigrationStep $m -Number 4 -Name 'Restore the databases for the new client' -Side Destination -ScriptBlock {
        # In a plan the old client still runs, and nothing is exported.
        if ($Transfer -eq 'Archive' -and (-not $WhatIfPreference -or [IO.Directory]::Exists($ArchivePath))) {
            # Somebody may have started the old client since its databases were exported: -Source compares them with the archive.
            $current = @{}
            if ($Side -eq 'Both') { $current.Source = $Source }
            Import-WaDatabase $Destination $ArchivePath -Update -EncryptionPassword $BackupPassword @current
        }
        elseif ($Side -eq 'Both') {
            Copy-WaDatabase $Source $Destination -ExcludeWaweb -Update -AllowActiveClient:$WhatIfPreference
        }
        if ($mediaPath -and -not $SkipMedia) {
            Import-WaMedia $mediaPath $Destination -EncryptionPassword $BackupPassword
        }
        elseif (-not $SkipMedia) {
            Copy-WaMedia $Source $Destination -AllowActiveClient:$WhatIfPreference
        }

        # The copied cluster table names hosts of the old client, which would be shown as nodes in error.
        Clear-WaClusterNode $Destination
    }

    $null = Invoke-WaMigrationStep $m -Number 5 -Name 'Install the new setup' -Side Destination -ScriptBlock {
        $how = @{}
        if ($InstallAction) { $how.Action = $InstallAction }
        Start-WaClient $Destination @how -SourceStopped:($SourceStopped -or $Side -eq 'Destination') -TimeoutSec $HealthTimeoutSec
    }

    $null = Invoke-WaMigrationStep $m -Number 6 -Name 'Get a new auth token on the new setup' -Side Destination -ScriptBlock {
        Connect-WaSetup -Setup $Destination -WaitSec $HealthTimeoutSec
    }

    $null = Invoke-WaMigrationStep $m -Number 7 -Name 'Health check and test message' -Side Destination -ScriptBlock {
        Test-WaHealth $Destination -Wait -TimeoutSec $HealthTimeoutSec
        if (-not $SkipTestMessage -and -not $m.TestMessageId) {
            Send-WaMessage $Destination -To $TestRecipient -Text $TestText
        }
    }

    $null = Invoke-WaMigrationStep $m -Number 8 -Name 'Turn two-step verification on again' -Side Destination -Skip:(-not $TwoStepPin) -Reason 'step 1 did not turn it off' -ScriptBlock {
        Enable-WaTwoStepVerification $Destination -Pin $TwoStepPin
    }

    $null = Invoke-WaMigrationStep $m -Number 9 -Name 'Set the webhooks up' -Side Destination -ScriptBlock {
        # The old webhook came along with the databases, unless step 1 reset it.
        $webhook = @{ Uri = $m.SourceWebhookUri; CaCertificate = $m.SourceWebhookCaCertificate }
        if ($WebhookUri) {
            $webhook = @{ Uri = $WebhookUri }
        }
        if ($WebhookCaCertificatePath) {
            $webhook.Remove('CaCertificate')
            $webhook.CaCertificatePath = $WebhookCaCertificatePath
        }
        if ($webhook.Uri -and ($ResetWebhook -or $WebhookUri -or $WebhookCaCertificatePath)) {
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
