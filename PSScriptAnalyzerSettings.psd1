@{
    # The default rules, and the syntax of both editions.
    IncludeDefaultRules = $true
    Severity            = @('Error', 'Warning')
    Rules               = @{
        PSUseCompatibleSyntax = @{
            Enable         = $true
            TargetVersions = @('5.1', '7.4')
        }
        # A runbook's parameters are used in the blocks of its steps.
        PSReviewUnusedParameter = @{
            CommandsToTraverse = @('Invoke-WaMigrationStep')
        }
    }
}
