using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration;

/// <summary>
/// One installation of the client: its API, the Docker hosts that its containers are on, and its database server.
/// Made by Connect-WaSetup; every cmdlet takes it.
/// </summary>
public sealed class WaSetup
{
    private readonly ISetupConnections connections;

    internal WaSetup(string name, Uri apiUri, WaSetupState state, ISetupConnections connections)
    {
        Name = name;
        ApiUri = apiUri;
        State = state;
        this.connections = connections;
    }

    /// <summary>What the user calls it.</summary>
    public string Name { get; }

    /// <summary>The address of the API.</summary>
    public Uri ApiUri { get; }

    /// <summary>What was seen when it was last looked at.</summary>
    public WaSetupState State { get; internal set; }

    /// <summary>The API user.</summary>
    public string? UserName => connections.UserName;

    /// <summary>Where its containers are (or will be).</summary>
    public IReadOnlyList<Uri> DockerHosts => connections.DockerHostAddresses.ToArray();

    /// <summary>Its database server; null where it is neither given nor found out.</summary>
    public WaDatabaseServer? Database { get; internal set; }

    /// <summary>Client version without the v; null where not known yet.</summary>
    public string? ClientVersion { get; internal set; }

    /// <summary>The number that it is registered for; null where unregistered or not known.</summary>
    public string? PhoneNumber { get; internal set; }

    /// <summary>When the token in use ends; null where there is none or nothing tells it.</summary>
    public DateTimeOffset? TokenExpiresAt => connections.TokenExpiresAt;

    /// <summary>Where operations on this setup are journalled; set while a migration is open.</summary>
    internal IOperationJournal Journal { get; set; } = new NoJournal();

    /// <summary>The containers that were seen when its Docker hosts were last read, so that a host that is down can be said to hold them.</summary>
    internal IReadOnlyList<WaClientNode> SeenNodes { get; set; } = [];

    /// <summary>The database server was found in the containers, not given: it cannot tell whose containers are whose.</summary>
    internal bool IsDatabaseFound { get; set; }

    /// <summary>A person's word that it is stopped, where that cannot be looked at.</summary>
    internal StoppedStatement? StoppedStatement { get; set; }

    /// <summary>In a migration's destination: the source, which must be proved stopped before this one may serve.</summary>
    internal WaSetup? Counterpart { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The API, wrapped in the planning decorator under -WhatIf. Logs in by itself where needed and possible.</summary>
    internal IWaApi Api(Operation operation) => connections.Api(operation);

    /// <summary>The Docker hosts, wrapped likewise.</summary>
    internal IReadOnlyList<IDockerHost> DockerHostConnections(Operation operation) => connections.DockerHosts(operation);

    /// <summary>Secrets, certificates and options as given, for those parts of the engine that need them.</summary>
    internal ISetupConnections Connections => connections;
}
