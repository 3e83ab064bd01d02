<#
.SYNOPSIS
Undoes a migration of any option: the old client serves the number again.
.DESCRIPTION
What there is to undo is decided from the migration's journal, never from health: a client whose keys are void may look
connected while its messages fail.

1. The new client is stopped, proved stopped and removed. Its databases stay, and so do the definitions of its containers,
   in destination-client.enc.
2. With -CarryBack the old databases are exported, and what the new client has is copied back over them. The old client's
   containers that are missing are made again, exactly as they were, from source-client.enc, and started.
3. Only where a restore was sent to the new side, or may have been, or with -DiscardNewMessages: the settings backup is
   restored onto the old client, which is restarted. Contacts may see that the security code of the number has changed.
4. Two-step verification is turned on again, where step 3 of the migration turned it off.
5. The webhook is set back, with its certificate.
6. Health, and a test message.

Everything that this needs is looked at before anything is done: the files, the password, the PIN, the old databases, the
images. Run it again with the same -Path after any interruption. -WhatIf shows what would be done and changes nothing.
Afterwards the folder cannot be run forward any more; a new attempt takes a new one.
.PARAMETER Source
The old setup, from Connect-WaSetup; with -NotInstalled there where its containers are gone.
.PARAMETER Destination
The new setup, from Connect-WaSetup.
.PARAMETER Path
The migration's folder.
.PARAMETER BackupPassword
The password that the migration was run with.
.PARAMETER CarryBack
Options 2 and 3, once the new client was started: its databases are copied back over the old ones. Nothing is lost.
.PARAMETER DiscardNewMessages
Likewise, in place of -CarryBack: what came to the new client is given up, and the old one gets new keys. What it had still
to send goes out twice. Both numbers are told before anything is done.
.PARAMETER SkipMedia
With -CarryBack: leaves new media files on the new side.
.PARAMETER TwoStepPin
Turns two-step verification on again, with this PIN. Needed where the migration turned it off.
.PARAMETER LeaveTwoStepOff
Leaves two-step verification off although the migration turned it off.
.PARAMETER TestRecipient
Who gets the test message: a number that wrote to the business within 24 hours.
.PARAMETER TestText
Its text.
.PARAMETER SkipTestMessage
Sends no test message.
.PARAMETER AllowUndelivered
Goes on though the new client has messages or callbacks that it could not deliver. They are left in its databases.
.PARAMETER DrainTimeoutSec
How long the new client may take to deliver what it still has.
.PARAMETER HealthTimeoutSec
How long the old client may take to answer, and to become healthy.
.PARAMETER OldDatabasesKept
States that the databases of the old client are there, where that cannot be looked at.
.PARAMETER DestinationStopped
States that the new client is stopped, where that cannot be looked at. Recorded with name and time.
.PARAMETER UninstallAction
Removes a new client that is not in Docker, in place of Remove-WaClient. It gets the new setup. That the client is
stopped is proved afterwards all the same.
.PARAMETER InstallAction
Brings the old client back and starts it, in place of Install-WaClient: where it is not in Docker, or its definitions are
lost. It gets the old setup.
.EXAMPLE
& (Get-WaRunbook Undo-WaMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111 -WhatIf

Shows what would be undone, with every container and file.
.EXAMPLE
& (Get-WaRunbook Undo-WaMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111

Does it. The password of the backup is asked for.
.EXAMPLE
& (Get-WaRunbook Undo-WaMigration).Path -Source $old -Destination $new -Path ./migration -TestRecipient 15550001111 -CarryBack

Undoes Option 2 or 3 after the new client has served, with all that it has.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
[OutputType('WaMigration.WaMigration')]
param(
    [Parameter(Mandatory)]
    [PSTypeName('WaMigration.WaSetup')] $Source,

    [Parameter(Mandatory)]
    [PSTypeName('WaMigration.WaSetup')] $Destination,

    [Parameter(Mandatory)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory)]
    [securestring] $BackupPassword,

    [switch] $CarryBack,

    [switch] $DiscardNewMessages,

    [switch] $SkipMedia,

    [securestring] $TwoStepPin,

    [switch] $LeaveTwoStepOff,

    [string] $TestRecipient,

    [string] $TestText = 'Test after the migration of this number was undone.',

    [switch] $SkipTestMessage,

    [switch] $AllowUndelivered,

    [ValidateRange(0, 86400)]
    [int] $DrainTimeoutSec = 60,

    [ValidateRange(1, 86400)]
    [int] $HealthTimeoutSec = 300,

    [switch] $OldDatabasesKept,

    [switch] $DestinationStopped,

    [scriptblock] $UninstallAction,

    [scriptblock] $InstallAction
)

$ErrorActionPreference = 'Stop'

if (-not $TestRecipient -and -not $SkipTestMessage) {
    $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new(
            [ArgumentException]::new('Say who gets the test message of the last step with -TestRecipient, or that none is sent with -SkipTestMessage.'),
            'TestRecipientNeeded', 'InvalidArgument', $null))
}

# One question for the whole; the steps ask no more. Under -WhatIf everything goes on, and tells.
if ($PSCmdlet.ShouldProcess("$Destination -> $Source ($Path)", 'Undo the migration')) {
    $ConfirmPreference = 'None'
}
elseif (-not $WhatIfPreference) {
    return
}

$start = @{
    Path               = $Path
    Undo               = $true
    Source             = $Source
    Destination        = $Destination
    BackupPassword     = $BackupPassword
    SecretUntilStep    = @{ BackupPassword = 3 }
    WithoutDefinitions = [bool]$InstallAction
    OldDatabasesKept   = $OldDatabasesKept
    CarryBack          = $CarryBack
    DiscardNewMessages = $DiscardNewMessages
    Runbook            = $MyInvocation
}
if (-not $LeaveTwoStepOff) {
    $start.SecretUntilStep.TwoStepPin = 4
}

$m = Start-WaMigration @start
try {
    $undo = $m.Undo

    $null = Invoke-WaMigrationStep $m -Number 1 -Name 'Remove the new client' -Skip:(-not $undo.NeedsRemoval) -Reason 'the migration installed none' -ScriptBlock {
        if (-not $UninstallAction) {
            # A new client that got no restore has nothing to deliver, or what it has goes back or is given up.
            Remove-WaClient $Destination -KeepDatabase -DefinitionPath $m.DestinationClientPath -DefinitionPassword $BackupPassword -DrainTimeoutSec $DrainTimeoutSec -AllowUndelivered:($AllowUndelivered -or $undo.Discards -or -not $undo.NeedsRestore)
        }
        elseif (-not $WhatIfPreference) {
            & $UninstallAction $Destination
        }
        Test-WaMigration $m -Phase Stopped -SourceStopped:$DestinationStopped -Require
    }

    $null = Invoke-WaMigrationStep $m -Number 2 -Name 'Bring the old client back' -Skip:(-not $undo.NeedsClient) -Reason 'it was not taken down' -ScriptBlock {
        if ($undo.CarriesBack) {
            Export-WaDatabase $Source $m.OldDatabasesPath -EncryptionPassword $BackupPassword
            Copy-WaDatabase $Destination $Source -Update -ExcludeWaweb:($m.Option -eq 2)
            if (-not $SkipMedia) {
                Copy-WaMedia $Destination $Source
            }
        }
        if ($undo.CarriesBack -or $undo.SharesDatabases) {
            Clear-WaClusterNode $Source
        }
        if ($InstallAction) {
            if (-not $WhatIfPreference) {
                & $InstallAction $Source
            }
        }
        elseif ($undo.NeedsDefinitions) {
            Install-WaClient $Source -DefinitionPath $m.SourceClientPath -DefinitionPassword $BackupPassword -Source $Destination -SourceStopped:$DestinationStopped -TimeoutSec $HealthTimeoutSec
        }
        else {
            Start-WaClient $Source -Source $Destination -SourceStopped:$DestinationStopped -TimeoutSec $HealthTimeoutSec
        }
        Connect-WaSetup -Setup $Source -WaitSec $HealthTimeoutSec
    }

    $null = Invoke-WaMigrationStep $m -Number 3 -Name 'Restore the settings on the old client' -Skip:(-not $undo.NeedsRestore) -Reason 'none was sent to the new one, so its keys are good' -ScriptBlock {
        Restore-WaSettings $Source -Path $m.SettingsBackupPath -Password $BackupPassword -Source $Destination -SourceStopped:$DestinationStopped -AllowRegistered -TimeoutSec $HealthTimeoutSec
        Test-WaHealth $Source -Wait -TimeoutSec $HealthTimeoutSec
    }

    $reason = 'it was not turned off'
    if ($LeaveTwoStepOff) {
        $reason = '-LeaveTwoStepOff'
    }
    $null = Invoke-WaMigrationStep $m -Number 4 -Name 'Turn two-step verification on again' -Skip:($LeaveTwoStepOff -or -not $undo.NeedsTwoStep) -Reason $reason -ScriptBlock {
        Test-WaHealth $Source -Wait -TimeoutSec $HealthTimeoutSec
        Enable-WaTwoStepVerification $Source -Pin $TwoStepPin
    }

    $null = Invoke-WaMigrationStep $m -Number 5 -Name 'Set the webhook back' -Skip:(-not $undo.NeedsWebhook) -Reason 'it was not changed' -ScriptBlock {
        Set-WaWebhook $Source -Uri $m.SourceWebhookUri -CaCertificate $m.SourceWebhookCaCertificate -RestartCoreapps
    }

    $null = Invoke-WaMigrationStep $m -Number 6 -Name 'Health check and test message' -ScriptBlock {
        Test-WaHealth $Source -Wait -TimeoutSec $HealthTimeoutSec
        if (-not $SkipTestMessage -and -not $m.Undo.TestMessageId) {
            Send-WaMessage $Source -To $TestRecipient -Text $TestText
        }
    }

    Complete-WaMigration $m
}
finally {
    # Frees the folder; an undo that is not done goes on from there.
    $m.Dispose()
}
