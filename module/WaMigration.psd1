@{
    # One manifest for Windows PowerShell and PowerShell: each edition gets its own leg.
    RootModule             = if ($PSEdition -eq 'Core') { 'net8.0/WaMigration.dll' } else { 'net472/WaMigration.dll' }
    ModuleVersion          = '0.1.0'
    GUID                   = 'b6a19c7d-5870-4be2-887b-c197eebf62a7'
    Author                 = 'The WaMigration authors'
    CompanyName            = 'WaMigration'
    Copyright              = '(c) the WaMigration authors. MIT licence.'
    Description            = 'Moves a WhatsApp Business API client, its databases and its media from one set of machines to another and keeps the phone number registered.'
    CompatiblePSEditions   = @('Desktop', 'Core')
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    TypesToProcess         = @('WaMigration.Types.ps1xml')
    FormatsToProcess       = @('WaMigration.Format.ps1xml')
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    CmdletsToExport        = @(
        'Backup-WaSettings'
        'Backup-WaToken'
        'Clear-WaClusterNode'
        'Clear-WaWebhook'
        'Compare-WaDatabase'
        'Complete-WaMigration'
        'Connect-WaSetup'
        'Copy-WaDatabase'
        'Copy-WaMedia'
        'Disable-WaTwoStepVerification'
        'Disconnect-WaSetup'
        'Enable-WaTwoStepVerification'
        'Export-WaDatabase'
        'Export-WaMedia'
        'Export-WaMigrationReport'
        'Get-WaCertificate'
        'Get-WaClient'
        'Get-WaDatabase'
        'Get-WaMediaProvider'
        'Get-WaMigration'
        'Get-WaRunbook'
        'Get-WaSettings'
        'Get-WaStatistics'
        'Get-WaSupportInfo'
        'Get-WaTopology'
        'Get-WaUser'
        'Get-WaWebhook'
        'Import-WaDatabase'
        'Import-WaMedia'
        'Install-WaClient'
        'Invoke-WaMigrationStep'
        'New-WaUser'
        'Remove-WaClient'
        'Remove-WaDatabase'
        'Remove-WaUser'
        'Reset-WaSettings'
        'Restart-WaClient'
        'Restore-WaSettings'
        'Restore-WaToken'
        'Send-WaMessage'
        'Set-WaCertificate'
        'Set-WaMediaProvider'
        'Set-WaSettings'
        'Set-WaUser'
        'Set-WaWebhook'
        'Start-WaClient'
        'Start-WaMigration'
        'Stop-WaClient'
        'Test-WaDatabaseArchive'
        'Test-WaHealth'
        'Test-WaMigration'
        'Test-WaToken'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @('WhatsApp', 'WhatsAppBusiness', 'Migration', 'Docker', 'PostgreSQL', 'MySQL', 'MariaDB', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/WaMigration/WaMigration'
            ReleaseNotes = 'The three options of the guide: settings; settings and messages; the whole client with its users and tokens. See CHANGELOG.md.'
        }
    }
}
