using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>Changes application settings; fields that are not given stay as they are. Says which changes need a restart.</summary>
[Cmdlet(VerbsCommon.Set, "WaSettings", SupportsShouldProcess = true, DefaultParameterSetName = ValueSet)]
[OutputType(typeof(void))]
public sealed class SetWaSettingsCommand : WaSetupCmdlet
{
    private const string ValueSet = "Value";
    private const string PathSet = "Path";

    /// <summary>The fields to change: a hashtable, or an object from Get-WaSettings.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ValueSet)]
    [ValidateNotNull]
    public object Settings { get; set; } = null!;

    /// <summary>A JSON file with the fields to change.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Restarts the Coreapps where a changed field needs it.</summary>
    [Parameter]
    public SwitchParameter RestartCoreapps { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("ChangeSettings")).ConfigureAwait(false))
        {
            return;
        }

        var restart = ParameterSetName == PathSet
            ? await ApplicationSettings.ChangeFromFileAsync(Setup, ResolvePath(Path), operation).ConfigureAwait(false)
            : await ApplicationSettings.ChangeAsync(Setup, PlainObjects.ToBag(Settings), operation).ConfigureAwait(false);
        if (restart.Count == 0)
        {
            return;
        }

        if (RestartCoreapps)
        {
            await NodeRestart.CoreappsAsync(Setup, operation).ConfigureAwait(false);
        }
        else
        {
            operation.Console.Warning(SettingsErrors.Phrase("NeedsRestart", Setup.Name, string.Join(", ", restart)));
        }
    }
}
