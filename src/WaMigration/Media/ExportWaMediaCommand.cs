using System.Management.Automation;
using System.Security;
using WaMigration.Media;
using WaMigration.Media.Archives;

namespace WaMigration.Commands;

/// <summary>
/// Copies the media of a client into a folder: its files as they are, and a manifest with modes, times, owners and hashes.
/// An export that was cut goes on with the same command; one that is there is brought up to date.
/// </summary>
[Cmdlet(VerbsData.Export, "WaMedia", SupportsShouldProcess = true)]
[OutputType(typeof(WaMediaCopy))]
public sealed class ExportWaMediaCommand : WaMediaCmdlet
{
    /// <summary>The setup that the media are of.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public WaSetup Setup { get; set; } = null!;

    /// <summary>The folder; made where it is not there.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Encrypts every file and its name under this password.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <summary>The volume; that which the nodes have mounted by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? VolumeName { get; set; }

    /// <summary>Goes on although the client works: what changes meanwhile is left to the next export.</summary>
    [Parameter]
    public SwitchParameter AllowActiveClient { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, MediaErrors.Phrase("ActionExport", path)).ConfigureAwait(false))
        {
            return;
        }

        using var archive = await Task.Run(() => MediaArchive.OpenOrCreate(path, EncryptionPassword), operation.Cancellation).ConfigureAwait(false);
        await MediaCopies.ExportAsync(Setup, VolumeName, archive, Selected(AllowActiveClient), Output, operation).ConfigureAwait(false);
    }
}
