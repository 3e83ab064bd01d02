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

/// <summary>A client started on real hosts from the vendor's compose files, with the service and a PostgreSQL server beside it.</summary>
internal sealed class ComposedClient : IAsyncDisposable
{
    public const string Number = "16315551019";
    public const string Version = "2.53.1";
    private const string Prefix = "acme_";
    private readonly HttpClient _control;
    private readonly ApiClient _api;

    private ComposedClient(RealDockerHosts hosts, LabPostgres postgres, WhatsAppService service)
    {
        Hosts = hosts;
        Postgres = postgres;
        Service = service;
        _control = new HttpClient { BaseAddress = service.Address };
        _api = new ApiClient(() => new IPEndPoint(hosts.Engines[0].Address, 9090), () => Pem);
    }

    public RealDockerHosts Hosts { get; }

    public LabPostgres Postgres { get; }

    public WhatsAppService Service { get; }

    private string Pem { get; set; } = string.Empty;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ComposedClient> StartAsync(int hostCount, string composeFile)
    {
        var vendorFile = await LabServers.OrSkip(() => Task.FromResult(VendorCompose.Find(composeFile)));
        var hosts = await RealHosts.StartAsync(hostCount);
        var postgres = await LabServers.OrSkip(() => LabPostgres.StartAsync(RealHosts.Log, hosts.Network.ForServers, Cancellation));
        var service = await WhatsAppService.StartAsync(
            [new IPEndPoint(hosts.Network.Gateway, 0)], SimClient.Scale, TimeProvider.System, RealHosts.Log, Cancellation);
        var client = new ComposedClient(hosts, postgres, service);
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
        for (var waited = 0; waited < 600; waited++)
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
        await Postgres.DisposeAsync();
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
                    ["WA_SIM_SCALE"] = SimClient.Scale.ToString(System.Globalization.CultureInfo.InvariantCulture),
                }),
            RealHosts.Log,
            Cancellation));
        var database = new Dictionary<string, string>
        {
            ["WA_DB_ENGINE"] = "PGSQL",
            ["WA_DB_HOSTNAME"] = "db",
            ["WA_DB_PORT"] = Postgres.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["WA_DB_USERNAME"] = LabPostgres.User,
            ["WA_DB_PASSWORD"] = Postgres.Password,
            ["WA_DB_NAME_PREFIX"] = Prefix,
        };
        await Task.WhenAll(Hosts.Engines.Select(async engine =>
        {
            await images.LoadAsync(engine.Api, Cancellation);
            var variables = new Dictionary<string, string> { ["WA_API_VERSION"] = Version, ["EXTERNAL_HOSTNAME"] = engine.Name };
            var project = await LabServers.OrSkip(
                () => ComposeProject.CreateAsync(engine, vendorFile, "waent", database, variables, RealHosts.Log, Cancellation));
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
        for (var attempt = 0; attempt < 300; attempt++)
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
