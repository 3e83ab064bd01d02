using System.Collections;
using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Media;

namespace WaMigration.Commands;

/// <summary>Creates, changes or removes a media provider of a client.</summary>
[Cmdlet(VerbsCommon.Set, "WaMediaProvider", SupportsShouldProcess = true, DefaultParameterSetName = SetSet)]
[OutputType(typeof(void))]
public sealed class SetWaMediaProviderCommand : WaSetupCmdlet
{
    private const string SetSet = "Set";
    private const string RemoveSet = "Remove";
    private const string PathSet = "Path";

    /// <summary>The provider's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SetSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = RemoveSet)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>Its type.</summary>
    [Parameter(ParameterSetName = SetSet)]
    [ValidateNotNullOrEmpty]
    public string Type { get; set; } = "www";

    /// <summary>How it is logged in to, for example @{ bearer = $token } or @{ basic = @{ username = 'u'; password = $p } }; secrets may be SecureStrings.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = SetSet)]
    [ValidateNotNull]
    public IDictionary Configuration { get; set; } = null!;

    /// <summary>A JSON file with an array of providers, each with name, type and config, as the client's API takes them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Removes it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoveSet)]
    public SwitchParameter Remove { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ParameterSetName == PathSet ? ResolvePath(Path) : null;
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase(Remove ? "RemoveMediaProvider" : "SetMediaProvider", path ?? Name)).ConfigureAwait(false))
        {
            return;
        }

        await (path is not null ? MediaProviders.SetFromFileAsync(Setup, path, operation)
            : Remove ? MediaProviders.RemoveAsync(Setup, Name, operation)
            : MediaProviders.SetAsync(Setup, Name, Type, PlainObjects.ToBag(Configuration), operation)).ConfigureAwait(false);
    }
}
