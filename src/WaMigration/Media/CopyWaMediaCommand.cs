using System.Management.Automation;
using WaMigration.Media;

namespace WaMigration.Commands;

/// <summary>
/// Copies the media of a client from its Docker hosts to those of another setup, as a stream with no file between, and
/// proves what was copied. The same command again moves only what has changed since.
/// </summary>
[Cmdlet(VerbsCommon.Copy, "WaMedia", SupportsShouldProcess = true)]
[OutputType(typeof(WaMediaCopy))]
public sealed class CopyWaMediaCommand : WaMediaCmdlet
{
    /// <summary>The setup that the media are of.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public WaSetup Source { get; set; } = null!;

    /// <summary>The setup that they are copied to.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public WaSetup Destination { get; set; } = null!;

    /// <summary>The source's volume; that which its nodes have mounted by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? VolumeName { get; set; }

    /// <summary>The destination's volume; that which its nodes have mounted by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationVolumeName { get; set; }

    /// <summary>Goes on although the client of the source works: what changes meanwhile is left to the next copy.</summary>
    [Parameter]
    public SwitchParameter AllowActiveClient { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Destination.Name, MediaErrors.Phrase("ActionCopy", Source.Name)).ConfigureAwait(false))
        {
            await MediaCopies.CopyAsync(Source, VolumeName, Destination, DestinationVolumeName, Selected(AllowActiveClient), Output, operation).ConfigureAwait(false);
        }
    }
}
