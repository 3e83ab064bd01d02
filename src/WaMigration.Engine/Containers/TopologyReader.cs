using System.Globalization;
using System.Text.Json.Nodes;

namespace WaMigration.Containers;

/// <summary>
/// Reads the shape of a client: nodes from its containers, shards from the API. A number that nothing tells is null,
/// so that a comparison says Unknown and never Passed.
/// </summary>
internal static class TopologyReader
{
    internal static async Task<WaTopology> ReadAsync(WaSetup setup, Operation operation)
    {
        var inventory = await ReadContainersAsync(setup, operation).ConfigureAwait(false);
        var answers = await ApiAnswers.ReadAsync(setup, operation).ConfigureAwait(false);
        var containers = inventory?.Containers;
        var isMulticonnect = containers is { Count: > 0 }
            ? containers.Any(container => container.Detail.Definition.Variable(ClientVariables.Multiconnect) == "1")
            : answers.Nodes.Count > 0;
        var topology = new WaTopology(
            Count(containers, WaNodeRole.Master) ?? answers.Masters,
            Count(containers, WaNodeRole.Coreapp) ?? answers.Coreapps,
            Count(containers, WaNodeRole.Webapp),
            answers.Shards,
            VersionOf(containers) ?? answers.Version ?? setup.ClientVersion,
            EngineOf(setup, containers) ?? answers.Engine ?? WaDatabaseEngine.Unknown,
            isMulticonnect,
            inventory?.Nodes ?? []);
        setup.ClientVersion = topology.ClientVersion ?? setup.ClientVersion;
        return topology;
    }

    /// <summary>Null where there is no Docker host, or one cannot be asked: part of the containers is no count.</summary>
    private static async Task<ClientInventory?> ReadContainersAsync(WaSetup setup, Operation operation)
    {
        if (setup.DockerHosts.Count == 0)
        {
            return null;
        }

        try
        {
            return await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        }
        catch (WaException failure) when (failure.Kind == ContainerErrors.DockerHostUnreachable)
        {
            operation.Console.Warning(ContainerText.Catalog.Format("CountsUnknown", setup.Name, failure.Message));
            return null;
        }
    }

    private static int? Count(IReadOnlyList<ClientContainer>? containers, WaNodeRole role) =>
        containers is { Count: > 0 } ? containers.Count(container => container.Role == role) : null;

    /// <summary>Null where the images differ: then no one version is the client's.</summary>
    private static string? VersionOf(IReadOnlyList<ClientContainer>? containers)
    {
        var versions = (containers ?? []).Select(container => container.Node.Version).Distinct(StringComparer.Ordinal).ToList();
        return versions.Count == 1 && versions[0].Length > 0 ? versions[0] : null;
    }

    private static WaDatabaseEngine? EngineOf(WaSetup setup, IReadOnlyList<ClientContainer>? containers) =>
        setup.Database is { Engine: not WaDatabaseEngine.Unknown } known
            ? known.Engine
            : (containers ?? [])
                .Select(container => container.Detail.Definition.Variable(ClientVariables.DatabaseEngine))
                .Select(EngineOf)
                .FirstOrDefault(engine => engine is not null);

    /// <summary>The client's word for MariaDB is MYSQL, too; only the server itself can tell.</summary>
    internal static WaDatabaseEngine? EngineOf(string? value) => value?.ToUpperInvariant() switch
    {
        ClientVariables.PostgresEngine => WaDatabaseEngine.PostgreSql,
        ClientVariables.MySqlEngine => WaDatabaseEngine.MySql,
        _ => null,
    };

    /// <summary>What the API says of the topology.</summary>
    private sealed class ApiAnswers
    {
        internal IReadOnlyDictionary<string, string> Nodes { get; private set; } = new Dictionary<string, string>();

        internal int? Shards { get; private set; }

        internal string? Version { get; private set; }

        internal WaDatabaseEngine? Engine { get; private set; }

        internal int? Masters => Nodes.Count == 0 ? null : Nodes.Values.Count(role => role.Has("master"));

        internal int? Coreapps => Nodes.Count == 0 ? null : Nodes.Values.Count(role => role.Has("coreapp"));

        internal static async Task<ApiAnswers> ReadAsync(WaSetup setup, Operation operation)
        {
            var answers = new ApiAnswers();
            var api = setup.Api(operation);
            if (!await api.IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false))
            {
                return answers;
            }

            var health = await AskAsync(() => api.GetHealthAsync(operation.Cancellation), operation).ConfigureAwait(false);
            if (health is not null && !health.ContainsKey("gateway_status"))
            {
                // A node without a role (one that cannot be reached) makes the count unknown.
                var roles = health.ToDictionary(node => node.Key, node => Text(node.Value, "role") ?? string.Empty);
                answers.Nodes = roles.Values.All(role => role.Length > 0) ? roles : new Dictionary<string, string>();
            }

            var support = await AskAsync(() => api.GetSupportAsync(operation.Cancellation), operation).ConfigureAwait(false);
            var perNode = NodesOf(support);
            answers.Version = Same(perNode.Select(node => Text(node, "version")))?.TrimStart('v');
            answers.Engine = EngineOf(Same(perNode.Select(node => Text(node, "db_engine"))));
            answers.Shards = await ShardsAsync(api, operation).ConfigureAwait(false) ?? HighestShard(perNode) + 1;
            return answers;
        }

        private static async Task<int?> ShardsAsync(Api.IWaApi api, Operation operation)
        {
            try
            {
                return await api.GetShardsAsync(operation.Cancellation).ConfigureAwait(false);
            }
            catch (WaException failure)
            {
                operation.Console.Verbose(failure.Message);
                return null;
            }
        }

        private static async Task<JsonObject?> AskAsync(Func<Task<JsonObject>> question, Operation operation)
        {
            try
            {
                return await question().ConfigureAwait(false);
            }
            catch (WaException failure)
            {
                operation.Console.Verbose(failure.Message);
                return null;
            }
        }

        /// <summary>One object for a single instance, else one a node.</summary>
        private static List<JsonObject> NodesOf(JsonObject? support) =>
            support is null ? []
            : support.ContainsKey("version") || support.ContainsKey("db_engine") ? [support]
            : support.Select(node => node.Value).OfType<JsonObject>().ToList();

        /// <summary>Shards as pairs of bounds, <c>[[-1,-1],[0,0]]</c>; -1 is the Master's and no shard.</summary>
        private static int? HighestShard(List<JsonObject> nodes)
        {
            var bounds = nodes
                .Select(node => node["shards"])
                .OfType<JsonArray>()
                .SelectMany(ranges => ranges.OfType<JsonArray>())
                .SelectMany(range => range.OfType<JsonValue>())
                .Select(bound => int.TryParse(bound.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var shard) ? shard : -1)
                .Where(shard => shard >= 0)
                .ToList();
            return bounds.Count == 0 ? null : bounds.Max();
        }

        private static string? Text(JsonNode? node, string name) =>
            node is JsonObject item && item[name] is JsonValue value ? value.ToString() : null;

        private static string? Same(IEnumerable<string?> values)
        {
            var said = values.Where(value => !string.IsNullOrEmpty(value)).Distinct(StringComparer.Ordinal).ToList();
            return said.Count == 1 ? said[0] : null;
        }
    }
}
