using System.Management.Automation;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>Shows the application settings of a client, as an object that can be changed and handed to Set-WaSettings.</summary>
[Cmdlet(VerbsCommon.Get, "WaSettings")]
[OutputType(typeof(PSObject))]
public sealed class GetWaSettingsCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        Output(PlainObjects.From(await ApplicationSettings.GetAsync(Setup, operation).ConfigureAwait(false)));
}
