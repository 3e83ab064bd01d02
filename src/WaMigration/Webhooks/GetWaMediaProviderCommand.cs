using System.Management.Automation;
using WaMigration.Setups.Media;

namespace WaMigration.Commands;

/// <summary>Shows the media providers of a client: servers from which it fetches media that messages name.</summary>
[Cmdlet(VerbsCommon.Get, "WaMediaProvider")]
[OutputType(typeof(PSObject))]
public sealed class GetWaMediaProviderCommand : WaSetupCmdlet
{
    /// <summary>Only the provider of this name; wildcards may be used.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var pattern = new WildcardPattern(Name, WildcardOptions.IgnoreCase);
        foreach (var provider in await MediaProviders.GetAsync(Setup, operation).ConfigureAwait(false))
        {
            if (pattern.IsMatch(provider.TryGetValue("name", out var name) ? name as string ?? string.Empty : string.Empty))
            {
                Output(PlainObjects.From(provider));
            }
        }
    }
}
