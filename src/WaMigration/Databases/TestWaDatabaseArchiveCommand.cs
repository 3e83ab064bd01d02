using System.Management.Automation;
using System.Security;
using WaMigration.Databases.Archives;
using WaMigration.Security;

namespace WaMigration.Commands;

/// <summary>Proves that an archive of databases is whole: every file is there, is what was written, and no other is there.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaDatabaseArchive")]
[OutputType(typeof(WaDatabaseArchive))]
public sealed class TestWaDatabaseArchiveCommand : WaCmdlet
{
    /// <summary>The folder that Export-WaDatabase wrote.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The password of an encrypted archive.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        Output(await ArchiveReader.TestAsync(ResolvePath(Path), EncryptionPassword?.Reveal(), operation).ConfigureAwait(false));
}
