using System.Management.Automation;
using System.Security;
using WaMigration.Media;
using WaMigration.Media.Archives;

namespace WaMigration.Commands;

/// <summary>
/// Brings the media of an archive into the volumes of a setup, with their modes, times and owners, and proves them there.
/// What is there already stays; the same command goes on after a cut.
/// </summary>
[Cmdlet(VerbsData.Import, "WaMedia", SupportsShouldProcess = true)]
[OutputType(typeof(WaMediaCopy))]
public sealed class ImportWaMediaCommand : WaMediaCmdlet
{
    /// <summary>The folder that Export-WaMedia wrote.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The setup that they are brought to.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public WaSetup Setup { get; set; } = null!;

    /// <summary>The password of an encrypted archive.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <summary>The volume; that which the nodes have mounted by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? VolumeName { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, MediaErrors.Phrase("ActionImport", path)).ConfigureAwait(false))
        {
            return;
        }

        using var archive = await Task.Run(() => MediaArchive.Open(path, EncryptionPassword), operation.Cancellation).ConfigureAwait(false);
        await MediaCopies.ImportAsync(archive, Setup, VolumeName, Selected(), Output, operation).ConfigureAwait(false);
    }
}
