namespace WaMigration.Shell;

/// <summary>
/// The function <c>help</c>: Get-Help, a page at a time where somebody reads along. The engine's own one needs commands
/// that the engine alone does not have.
/// </summary>
internal static class HelpFunction
{
    public const string Text = """
        <#
        .ForwardHelpTargetName Get-Help
        .ForwardHelpCategory Cmdlet
        #>
        [CmdletBinding(DefaultParameterSetName = 'AllUsersView')]
        param(
            [Parameter(Position = 0, ValueFromPipelineByPropertyName = $true)]
            [string] $Name,
            [string[]] $Category,
            [Parameter(ParameterSetName = 'DetailedView', Mandatory = $true)]
            [switch] $Detailed,
            [Parameter(ParameterSetName = 'AllUsersView')]
            [switch] $Full,
            [Parameter(ParameterSetName = 'Examples', Mandatory = $true)]
            [switch] $Examples,
            [Parameter(ParameterSetName = 'Parameters', Mandatory = $true)]
            [string[]] $Parameter
        )
        if ([Console]::IsOutputRedirected -or [Console]::IsInputRedirected) {
            Get-Help @PSBoundParameters
        }
        else {
            try {
                Get-Help @PSBoundParameters | Out-Host -Paging
            }
            catch [System.Management.Automation.HaltCommandException] {
                # Q was pressed: enough was read.
            }
        }
        """;
}
