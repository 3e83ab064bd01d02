using System.Globalization;
using System.Net;
using WaMigration.Containers;
using WaMigration.Security;

namespace WaMigration.Setups;

/// <summary>
/// Finds a setup's database server in the variables of its containers. A host name that only the containers know is
/// mapped to what this machine reaches: the Docker host's own name and the port that the database's container publishes.
/// </summary>
internal static class DatabaseDiscovery
{
    private const int PostgresPort = 5432;
    private const int MySqlPort = 3306;

    /// <summary>
    /// What was given or found before, else what the containers tell; null where none does. Nothing is connected to: the
    /// first use says which address was tried.
    /// </summary>
    internal static async Task<WaDatabaseServer?> EnsureAsync(WaSetup setup, Operation operation)
    {
        if (setup.Database is null && setup.DockerHosts.Count > 0)
        {
            Remember(setup, await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false));
        }

        return setup.Database;
    }

    /// <summary>Keeps what the containers tell, where nothing was given. It says nothing about whose containers are whose.</summary>
    internal static void Remember(WaSetup setup, ClientInventory inventory)
    {
        if (setup.Database is null && Find(inventory) is { } found)
        {
            setup.Database = found;
            setup.IsDatabaseFound = true;
        }
    }

    /// <summary>What an inventory tells.</summary>
    internal static WaDatabaseServer? Find(ClientInventory inventory) => Find(inventory.Containers, inventory.Databases);

    /// <summary>What the containers of one client tell.</summary>
    /// <param name="containers">Its nodes.</param>
    /// <param name="databases">Database servers in containers that may be meant.</param>
    internal static WaDatabaseServer? Find(IReadOnlyList<ClientContainer> containers, IReadOnlyList<ClientContainer> databases)
    {
        var teller = containers.FirstOrDefault(container => container.Detail.Definition.Variable(ClientVariables.DatabaseHost) is { Length: > 0 });
        if (teller is null)
        {
            return null;
        }

        var definition = teller.Detail.Definition;
        var engine = TopologyReader.EngineOf(definition.Variable(ClientVariables.DatabaseEngine)) ?? WaDatabaseEngine.Unknown;
        var host = definition.Variable(ClientVariables.DatabaseHost)!;
        var port = int.TryParse(definition.Variable(ClientVariables.DatabasePort), NumberStyles.None, CultureInfo.InvariantCulture, out var said)
            ? said
            : engine == WaDatabaseEngine.PostgreSql ? PostgresPort : MySqlPort;
        var (server, serverPort) = Reachable(databases, teller, host, port);
        return new WaDatabaseServer(
            engine,
            server,
            serverPort,
            definition.Variable(ClientVariables.DatabaseUser) ?? string.Empty,
            Secret.Conceal(definition.Variable(ClientVariables.DatabasePassword) ?? string.Empty),
            definition.Variable(ClientVariables.DatabasePrefix) ?? string.Empty,
            WaSslMode.Prefer,
            host,
            port);
    }

    private static (string Server, int Port) Reachable(IReadOnlyList<ClientContainer> databases, ClientContainer teller, string host, int port)
    {
        // Inside a container this is the Docker host itself, by a name that only Docker knows.
        if (host.Equals("host.docker.internal", StringComparison.OrdinalIgnoreCase))
        {
            return (NameOf(teller.Host.Address), port);
        }

        var container = databases.FirstOrDefault(database => database.Host.Address == teller.Host.Address && IsCalled(database.Detail.Definition, host));
        if (container is null)
        {
            return (ExtraHost(teller.Detail.Definition, host) ?? host, port);
        }

        var published = container.Detail.PublishedPorts.FirstOrDefault(item => item.ContainerPort == port);
        return published is null
            ? (host, port)
            : (IsAnyAddress(published.HostAddress) ? NameOf(container.Host.Address) : published.HostAddress, published.HostPort);
    }

    private static bool IsCalled(ContainerDefinition database, string host) =>
        database.Name.Equals(host, StringComparison.OrdinalIgnoreCase)
        || database.Hostname.Equals(host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(database.Label(ClientVariables.ServiceLabel), host, StringComparison.OrdinalIgnoreCase)
        || database.Networks.Any(network => network.Aliases.Contains(host, StringComparer.OrdinalIgnoreCase));

    /// <summary>An entry of the container's own hosts file (--add-host name:address).</summary>
    private static string? ExtraHost(ContainerDefinition definition, string host)
    {
        var entry = definition.ExtraHosts.FirstOrDefault(line => line.StartsWith(host + ":", StringComparison.OrdinalIgnoreCase));
        var address = entry?.Substring(host.Length + 1);
        return IPAddress.TryParse(address, out _) ? address : null;
    }

    private static bool IsAnyAddress(string address) => address.Length == 0 || address is "0.0.0.0" or "::";

    /// <summary>A local Docker host (unix socket, named pipe) publishes on this machine.</summary>
    private static string NameOf(Uri dockerHost) =>
        dockerHost.Scheme.ToLowerInvariant() switch
        {
            "unix" => "127.0.0.1",
            "npipe" => dockerHost.Host is "" or "." or "localhost" ? "127.0.0.1" : dockerHost.Host,
            _ => dockerHost.DnsSafeHost,
        };
}
