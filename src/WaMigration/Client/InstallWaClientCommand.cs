using System.Collections;
using System.Management.Automation;
using System.Security;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Installs a client on the Docker hosts of a setup, as the vendor's compose files do, against the setup's database
/// server: images, network, media volume, Masters, Coreapps, Webapp. With -DefinitionPath it makes a removed client again,
/// exactly as it was. Run again it goes on where it was interrupted.
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "WaClient", SupportsShouldProcess = true, DefaultParameterSetName = LikeSet)]
[OutputType(typeof(WaClientNode))]
public sealed class InstallWaClientCommand : WaSetupCmdlet
{
    private const string LikeSet = "Like";
    private const string NumbersSet = "Numbers";
    private const string SavedSet = "Saved";

    /// <summary>Takes topology, client version and registry from this setup.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LikeSet)]
    [ValidateNotNull]
    public WaSetup? Like { get; set; }

    /// <summary>Masters; 0 for a single instance.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [ValidateRange(0, 64)]
    public int Masters { get; set; }

    /// <summary>Coreapps: one more than shards, by the vendor's templates.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [ValidateRange(1, 256)]
    public int Coreapps { get; set; }

    /// <summary>Webapps. The second and later ones are published at the following ports.</summary>
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateRange(1, 64)]
    public int Webapps { get; set; } = 1;

    /// <summary>Shards that the client will have; checked against the Coreapps.</summary>
    [Parameter(ParameterSetName = NumbersSet)]
    public int? Shards { get; set; }

    /// <summary>Client version, e.g. 2.53.1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [Parameter(ParameterSetName = LikeSet)]
    [ValidatePattern(@"^[vV]?\d+(\.\d+)+$")]
    public string? ClientVersion { get; set; }

    /// <summary>The file in which Remove-WaClient saved the definitions: the same containers are made again; those that are there must be as saved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SavedSet)]
    [ValidateNotNullOrEmpty]
    public string? DefinitionPath { get; set; }

    /// <summary>The password that sealed the definitions.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SavedSet)]
    [ValidateNotNull]
    public SecureString? DefinitionPassword { get; set; }

    /// <summary>Registry and path of the images, docker.whatsapp.biz by default.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    /// <summary>Files that docker save wrote: loaded on Docker hosts that lack the images, in place of a pull.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateNotNullOrEmpty]
    public string[]? ImagePath { get; set; }

    /// <summary>Compose project, which begins the names of containers, network and volume; from the setup's name by default.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidatePattern("^[a-z0-9][a-z0-9_-]*$")]
    public string? Project { get; set; }

    /// <summary>The database server as the containers reach it, where that is another address than this machine's.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateNotNullOrEmpty]
    public string? DatabaseHost { get; set; }

    /// <summary>Its port as the containers reach it.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateRange(1, 65535)]
    public int? DatabasePort { get; set; }

    /// <summary>Host port at which the Webapp is published; that of the setup's -ApiUri by default.</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateRange(1, 65535)]
    public int? PublishPort { get; set; }

    /// <summary>
    /// What goes onto which Docker host, where the setup has several: a hashtable a host with DockerHost, HostName (the name
    /// under which containers on the other hosts reach it), Masters, Coreapps and Webapps (one of each by default).
    /// </summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateNotNullOrEmpty]
    public Hashtable[]? Placement { get; set; }

    /// <summary>A key for health and statistics without a login (12 to 128 characters).</summary>
    [Parameter(ParameterSetName = LikeSet)]
    [Parameter(ParameterSetName = NumbersSet)]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>
    /// Takes over the keys that Webapps sign tokens with, and that Webapps and Coreapps talk with, from the setup that -Like
    /// names: for a client whose users and tokens move along (Option 3).
    /// </summary>
    [Parameter(ParameterSetName = LikeSet)]
    public SwitchParameter CarryKeys { get; set; }

    /// <summary>Creates everything and starts nothing, so that later only a start is needed.</summary>
    [Parameter]
    public SwitchParameter NoStart { get; set; }

    /// <summary>The client that serves the number now; proved stopped first where the databases carry a registration.</summary>
    [Parameter]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <summary>States that the other client of the number is stopped, where that cannot be looked at. Recorded with name and time.</summary>
    [Parameter]
    public SwitchParameter SourceStopped { get; set; }

    /// <summary>How long the API may take to answer.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 180;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ContainerText.Catalog["ConfirmInstall"]).ConfigureAwait(false))
        {
            return;
        }

        var nodes = ParameterSetName == SavedSet
            ? await ClientRecreation.RunAsync(Setup, ResolvePath(DefinitionPath!), DefinitionPassword!, SavedOptions(), operation).ConfigureAwait(false)
            : await ClientInstaller.RunAsync(Setup, Options(), operation).ConfigureAwait(false);
        foreach (var node in nodes)
        {
            Output(node);
        }
    }

    private RecreateOptions SavedOptions() => new()
    {
        NoStart = NoStart,
        Source = Source,
        SourceStopped = SourceStopped,
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
    };

    private InstallOptions Options()
    {
        var hasNumbers = ParameterSetName == NumbersSet;
        return new InstallOptions
        {
            Like = Like,
            Masters = hasNumbers ? Masters : null,
            Coreapps = hasNumbers ? Coreapps : null,
            Webapps = hasNumbers ? Webapps : null,
            Shards = Shards,
            ClientVersion = ClientVersion,
            Registry = Registry,
            ImagePaths = (ImagePath ?? []).Select(ResolvePath).ToArray(),
            Project = Project,
            DatabaseHost = DatabaseHost,
            DatabasePort = DatabasePort,
            PublishPort = PublishPort,
            Placement = Placements.Read(Setup.Name, Placement),
            ApiKey = ApiKey,
            CarryKeys = CarryKeys,
            NoStart = NoStart,
            Source = Source,
            SourceStopped = SourceStopped,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
        };
    }
}
