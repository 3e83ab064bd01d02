using System.Management.Automation;
using System.Security;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Cluster;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Commands;

/// <summary>
/// Compares the databases of a client on two servers, or an archive with a server: every object by its definition, every
/// counter by its position, every table by the digest of all its rows. Nothing is written anywhere.
/// </summary>
[Cmdlet(VerbsData.Compare, "WaDatabase", DefaultParameterSetName = SetupToSetup)]
[OutputType(typeof(WaTableComparison))]
public sealed class CompareWaDatabaseCommand : WaDatabasePairCmdlet
{
    private const string ArchiveToSetup = "ArchiveToSetup";
    private const string ArchiveToServer = "ArchiveToServer";

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SetupToSetup)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ServerToSetup)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ArchiveToSetup)]
    [ValidateNotNull]
    public override WaSetup? Destination { get => base.Destination; set => base.Destination = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = ArchiveToServer)]
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    public override WaDatabaseEngine DatabaseEngine { get => base.DatabaseEngine; set => base.DatabaseEngine = value; }

    /// <inheritdoc/>
    [Parameter(Mandatory = true, ParameterSetName = SetupToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNullOrEmpty]
    public override string DestinationServer { get => base.DestinationServer; set => base.DestinationServer = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateRange(1, 65535)]
    public override int? DestinationPort { get => base.DestinationPort; set => base.DestinationPort = value; }

    /// <inheritdoc/>
    [Parameter(Mandatory = true, ParameterSetName = SetupToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public override object? DestinationCredential { get => base.DestinationCredential; set => base.DestinationCredential = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public override string? DestinationNamePrefix { get => base.DestinationNamePrefix; set => base.DestinationNamePrefix = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    public override WaSslMode DestinationSslMode { get => base.DestinationSslMode; set => base.DestinationSslMode = value; }

    /// <summary>The folder of an archive, in place of the first side.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToSetup)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The password of an encrypted archive.</summary>
    [Parameter(ParameterSetName = ArchiveToSetup)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <summary>Rows that Clear-WaClusterNode removed on the second side; in a migration its record knows them.</summary>
    [Parameter(ParameterSetName = SetupToSetup)]
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    [ValidateNotNull]
    public WaClusterCleanup? Removed { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (ParameterSetName is ArchiveToSetup or ArchiveToServer)
        {
            var server = await DestinationAsync(string.Empty).ConfigureAwait(false);
            await ArchiveImporter.CompareAsync(ResolvePath(Path), EncryptionPassword?.Reveal(), server, Selected(), Output, operation).ConfigureAwait(false);
            return;
        }

        var (source, destination) = await ServersAsync().ConfigureAwait(false);
        var removed = Removed ?? (Destination is null ? null : ClusterCleaner.FromRecord(Destination));
        await DatabaseComparer.RunAsync(source, destination, Selected() with { Removed = removed }, Output, operation).ConfigureAwait(false);
    }
}
