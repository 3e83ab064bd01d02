using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Engine.Tests.Simulator;
using WaSimulator.DockerApi;
using WaSimulator.Service;

namespace WaMigration.Engine.Tests.RealDocker;

/// <summary>A client started on real hosts from the vendor's compose files, with the service and a database server beside it.</summary>
internal sealed class ComposedClient : IAsyncDisposable
{
    public const string Number = "16315551019";
    public const string Version = "2.53.1";
    private const string Prefix = "acme_";
    private readonly HttpClient _control;
    private readonly ApiClient _api;

    private readonly IAsyncDisposable _databases;
    private readonly IReadOnlyDictionary<string, string> _databaseSettings;

    private ComposedClient(
        RealDockerHosts hosts, IAsyncDisposable databases, IReadOnlyDictionary<string, string> settings, WhatsAppService service)
    {
        Hosts = hosts;
        _databases = databases;
        _databaseSettings = settings;
        Service = service;
        _control = new HttpClient { BaseAddress = service.Address };
        _api = new ApiClient(() => new IPEndPoint(hosts.Engines[0].Address, 9090), () => Pem);
    }

    public RealDockerHosts Hosts { get; }

    public WhatsAppService Service { get; }

    private string Pem { get; set; } = string.Empty;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ComposedClient> StartAsync(int hostCount, string composeFile, WaDatabaseEngine engine = WaDatabaseEngine.PostgreSql)
    {
        var vendorFile = await LabServers.OrSkip(() => Task.FromResult(VendorCompose.Find(composeFile)));
        var hosts = await RealHosts.StartAsync(hostCount);
        var (databases, settings) = engine == WaDatabaseEngine.PostgreSql
            ? await PostgresAsync(hosts.Network)
            : await MariaDbAsync(hosts.Network);
        var service = await WhatsAppService.StartAsync(
            [new IPEndPoint(hosts.Network.Gateway, 0)], SimClient.Scale, TimeProvider.System, RealHosts.Log, Cancellation);
        var client = new ComposedClient(hosts, databases, settings, service);
        try
        {
            await client.UpAsync(vendorFile);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Logs in and waits until every node says that.</summary>
    public async Task WaitAsync(Func<JsonObject, bool> healthy)
    {
        if (_api.Token is null)
        {
            Pem = await ReadPemAsync();
            await LoginAsync();
        }

        ApiResult? last = null;
        for (var waited = 0; waited < 1500; waited++)
        {
            last = await _api.GetAsync("/v1/health");
            if (last.Status == 200 && last.Json?["health"] is JsonObject health && healthy(health))
            {
                return;
            }

            await Task.Delay(200, Cancellation);
        }

        Assert.Fail($"{last?.Status} {last?.Body}\n{await LogsAsync()}");
    }

    public async Task RegisterAsync()
    {
        var body = new JsonObject { ["number"] = Number, ["name"] = "Acme", ["waitMs"] = 20_000 };
        using var answer = await _control.PostAsJsonAsync("control/numbers", body, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public Task<ApiResult> SendTextAsync(string to) => _api.SendTextAsync(to, "Good morning");

    public async Task<string> LogsAsync()
    {
        var text = new StringWriter();
        foreach (var engine in Hosts.Engines)
        {
            foreach (var container in await engine.Api.ContainersAsync(Cancellation))
            {
                await text.WriteLineAsync($"{engine.Name} {container.Name} {container.State}");
                await text.WriteLineAsync(await engine.Api.LogAsync(container.Id, 30, Cancellation));
            }
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        _control.Dispose();
        await Hosts.DisposeAsync();
        await Service.DisposeAsync();
        await _databases.DisposeAsync();
    }

    /// <summary>The lines of db.env, in the order of the vendor's own.</summary>
    private static Dictionary<string, string> Settings(string engine, int port, string user, string password) => new()
    {
        ["WA_DB_ENGINE"] = engine,
        ["WA_DB_HOSTNAME"] = "db",
        ["WA_DB_PORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["WA_DB_USERNAME"] = user,
        ["WA_DB_PASSWORD"] = password,
        ["WA_DB_CONNECTION_IDLE_TIMEOUT"] = "180000",
        ["WA_DB_NAME_PREFIX"] = Prefix,
    };

    private static async Task<(IAsyncDisposable Server, Dictionary<string, string> Settings)> PostgresAsync(LabNetwork network)
    {
        var server = await LabServers.OrSkip(() => LabPostgres.StartAsync(RealHosts.Log, network.ForServers, Cancellation));
        return (server, Settings("PGSQL", server.Port, LabPostgres.User, server.Password));
    }

    private static async Task<(IAsyncDisposable Server, Dictionary<string, string> Settings)> MariaDbAsync(LabNetwork network)
    {
        var server = await LabServers.OrSkip(() => LabMariaDb.StartAsync(RealHosts.Log, network.ForServers, Cancellation));
        return (server, Settings("MYSQL", server.Port, LabMariaDb.User, server.Password));
    }

    private async Task UpAsync(string vendorFile)
    {
        // The vendor's db.env calls the server db; what that is, the lab's name server says.
        Hosts.Names.Set("db", Hosts.Network.Gateway);
        var images = await LabServers.OrSkip(() => SimulatorImages.CreateAsync(
            DockerImage.Vendor(
                Version,
                new DateOnly(2030, 1, 1),
                new Dictionary<string, string>
                {
                    ["WA_SIM_SERVICE"] = Service.Address.ToString(),
                    ["WA_SIM_SCALE"] = SimClient.Scale.ToString(CultureInfo.InvariantCulture),
                }),
            RealHosts.Log,
            Cancellation));
        await Task.WhenAll(Hosts.Engines.Select(async engine =>
        {
            await images.LoadAsync(engine.Api, Cancellation);
            var variables = new Dictionary<string, string> { ["WA_API_VERSION"] = Version, ["EXTERNAL_HOSTNAME"] = engine.Name };
            var project = await LabServers.OrSkip(
                () => ComposeProject.CreateAsync(engine, vendorFile, "waent", _databaseSettings, variables, RealHosts.Log, Cancellation));
            await project.UpAsync(Cancellation);
        }));
    }

    private async Task LoginAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _api.LoginAsync();
                return;
            }
            catch (HttpRequestException) when (attempt < 150)
            {
                await Task.Delay(200, Cancellation);
            }
        }
    }

    /// <summary>The Webapp makes its certificate when it starts.</summary>
    private async Task<string> ReadPemAsync()
    {
        var engine = Hosts.Engines[0];
        for (var attempt = 0; attempt < 900; attempt++)
        {
            var web = (await engine.Api.ContainersAsync(Cancellation)).Single(container => container.Service == "waweb");
            if (await engine.Api.FileAsync(web.Id, "/etc/lighttpd/server.pem", Cancellation) is { } pem)
            {
                return System.Text.Encoding.ASCII.GetString(pem);
            }

            await Task.Delay(200, Cancellation);
        }

        Assert.Fail("The Webapp made no certificate.\n" + await LogsAsync());
        return string.Empty;
    }
}
