using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Npgsql;
using WaLab.Servers;
using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>One client: its nodes, its databases under a prefix of their own, its API.</summary>
internal sealed class SimClient : IAsyncDisposable
{
    public const double Scale = 0.02;

    private readonly ConcurrentDictionary<string, SimContainer> containers = new(StringComparer.Ordinal);
    private readonly LabPostgres postgres;
    private readonly Uri service;
    private readonly TimeProvider time;
    private readonly IReadOnlyDictionary<string, string> variables;

    public SimClient(LabPostgres postgres, Uri service, ClientShape shape, TimeProvider? time = null)
    {
        this.postgres = postgres;
        this.service = service;
        this.time = time ?? TimeProvider.System;
        Shape = shape;
        Prefix = shape.Prefix ?? $"t{Guid.NewGuid().ToString("N")[..8]}_";
        variables = shape.Variables ?? new Dictionary<string, string>();
        Api = new ApiClient(
            () => WebAddress,
            () => ServedPem ?? System.Text.Encoding.ASCII.GetString(containers["waweb"].Node!.Files[ContainerFiles.ServerPem]));
    }

    public ClientShape Shape { get; }

    public string Prefix { get; }

    public TestNetwork Network { get; } = new();

    public ApiClient Api { get; }

    /// <summary>The certificate to be expected; the container's own one unless it is set.</summary>
    public string? ServedPem { get; set; }

    public IEnumerable<SimContainer> Containers => containers.Values;

    public bool WebListens => WebAddress is not null;

    private IPEndPoint? WebAddress => Network.Resolve("waweb", Ports.Https);

    public SimContainer this[string hostname] => containers[hostname];

    /// <summary>Starts all nodes and logs in with a new password.</summary>
    public async Task StartAsync()
    {
        foreach (var name in Shape.Names)
        {
            await StartAsync(name);
        }

        await Wait.UntilAsync(() => Task.FromResult(WebAddress is not null), "the Webapp listens");
        await Api.LoginAsync();
    }

    /// <summary>Starts one node; one that ran before keeps its container and files.</summary>
    public async Task StartAsync(string hostname, string version = "2.53.1")
    {
        var container = containers.GetOrAdd(hostname, name => new SimContainer(name));
        await container.StartAsync(Role(hostname), version, Environment(hostname), Network, time);
    }

    public async Task RestartAsync(params string[] hostnames)
    {
        await Task.WhenAll(hostnames.Select(name => containers[name].StopAsync()));
        foreach (var name in hostnames)
        {
            await StartAsync(name);
        }
    }

    public Task StopAllAsync() => Task.WhenAll(containers.Values.Select(container => container.StopAsync()));

    public async Task<NpgsqlConnection> OpenAsync(string store)
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString(Prefix + store));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task<T?> ScalarAsync<T>(string store, string sql)
    {
        await using var connection = await OpenAsync(store);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in containers.Values)
        {
            // Shown when the test fails.
            foreach (var line in container.Log.TakeLast(60))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{container.Hostname} {line}");
            }

            await container.DisposeAsync();
        }

        Api.Dispose();
        foreach (var store in StoreList)
        {
            await using var connection = new NpgsqlConnection(postgres.ConnectionString());
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"drop database if exists \"{Prefix}{store}\" with (force)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static IEnumerable<string> StoreList =>
    [
        StoreNames.Axolotl, StoreNames.Callback, StoreNames.Cluster, StoreNames.Config, StoreNames.Contact,
        StoreNames.Jobqueue, StoreNames.Message, StoreNames.Web,
    ];

    private static NodeRole Role(string hostname) =>
        hostname.StartsWith("master", StringComparison.Ordinal) ? NodeRole.Master
        : hostname.StartsWith("waweb", StringComparison.Ordinal) ? NodeRole.Webapp
        : NodeRole.Coreapp;

    private Dictionary<string, string> Environment(string hostname)
    {
        var result = new Dictionary<string, string>
        {
            ["WA_DB_ENGINE"] = "PGSQL",
            ["WA_DB_HOSTNAME"] = LabPostgres.Host,
            ["WA_DB_PORT"] = postgres.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["WA_DB_USERNAME"] = LabPostgres.User,
            ["WA_DB_PASSWORD"] = postgres.Password,
            ["WA_DB_NAME_PREFIX"] = Prefix,
            ["WA_SIM_SERVICE"] = service.ToString(),
            ["WA_SIM_SCALE"] = Scale.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["WA_SIM_SHARDS"] = Shape.Shards.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (Shape.Masters > 0)
        {
            result["WA_APP_MULTICONNECT"] = "1";
        }

        if (Role(hostname) == NodeRole.Master)
        {
            result["WA_MASTER_NODE"] = "1";
        }

        if (Shape.Masters == 0)
        {
            result["WACORE_HOSTNAME"] = "wacore1";
        }

        foreach (var (name, value) in variables)
        {
            result[name] = value;
        }

        return result;
    }
}

/// <summary>What a client consists of. No Master: a single instance.</summary>
internal sealed record ClientShape(
    int Masters = 2,
    int Coreapps = 3,
    int Shards = 2,
    string? Prefix = null,
    IReadOnlyDictionary<string, string>? Variables = null)
{
    public IEnumerable<string> CoreNames =>
        Enumerable.Range(1, Masters).Select(i => $"master{i}").Concat(Enumerable.Range(1, Coreapps).Select(i => $"wacore{i}"));

    public IEnumerable<string> Names => CoreNames.Append("waweb");
}

/// <summary>A container: it keeps its id and files over restarts of its process.</summary>
internal sealed class SimContainer(string hostname) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> log = new();

    public string Hostname { get; } = hostname;

    public string Id { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    public string Key => $"{Hostname}:{Id[..12]}";

    public ISimNode? Node { get; private set; }

    public IReadOnlyCollection<string> Log => log;

    public async Task StartAsync(NodeRole role, string version, IReadOnlyDictionary<string, string> environment, INodeNetwork network, TimeProvider time)
    {
        Node = SimNodes.Create(
            new NodeSpec(role, Id, Hostname, version, environment, new Dictionary<int, IPEndPoint>()), network, time, log.Enqueue, files);
        await Node.StartAsync(CancellationToken.None);
    }

    public async Task<int> StopAsync()
    {
        await Node!.StopAsync(TimeSpan.FromSeconds(30));
        return await Node.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }
    }
}

/// <summary>Waits for something to become true.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, double seconds = 60)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"Not within {seconds} s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
