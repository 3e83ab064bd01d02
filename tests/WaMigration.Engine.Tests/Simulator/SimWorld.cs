using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WaLab.Servers;
using WaSimulator.Service;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>A WhatsApp service, a database server, and the clients of one test.</summary>
internal sealed class SimWorld : IAsyncDisposable
{
    public const string Number = "16315551019";

    private readonly List<SimClient> clients = [];
    private readonly HttpClient control;

    private SimWorld(LabPostgres postgres, WhatsAppService service, TimeProvider? time)
    {
        Postgres = postgres;
        Service = service;
        Time = time;
        control = new HttpClient { BaseAddress = service.Address };
    }

    public LabPostgres Postgres { get; }

    public WhatsAppService Service { get; }

    public TimeProvider? Time { get; }

    public static async Task<SimWorld> StartAsync(TimeProvider? time = null)
    {
        var postgres = await LabPostgres.SharedAsync();
        var service = await WhatsAppService.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), SimClient.Scale, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        return new SimWorld(postgres, service, time);
    }

    /// <summary>Starts a client; it is unregistered.</summary>
    public async Task<SimClient> ClientAsync(ClientShape? shape = null)
    {
        var client = new SimClient(Postgres, Service.Address, shape ?? new ClientShape(), Time);
        clients.Add(client);
        await client.StartAsync();
        return client;
    }

    /// <summary>Starts a client, registers the number for it, and waits until it is healthy.</summary>
    public async Task<SimClient> RegisteredAsync(ClientShape? shape = null)
    {
        var client = await ClientAsync(shape);
        await RegisterAsync(client);
        await HealthyAsync(client);
        return client;
    }

    public async Task<JsonNode> RegisterAsync(SimClient client)
    {
        var answer = await PostAsync("control/numbers", new JsonObject
        {
            ["number"] = Number,
            ["name"] = "Acme",
            ["nodes"] = new JsonArray([.. client.Containers.Select(container => (JsonNode)container.Id)]),
            ["waitMs"] = 60_000,
        });
        return answer;
    }

    public async Task<JsonNode> PostAsync(string path, JsonObject body)
    {
        using var response = await control.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public async Task<JsonObject> StateAsync(string number = Number)
    {
        var state = await control.GetFromJsonAsync<JsonObject>("control/state", TestContext.Current.CancellationToken);
        return (JsonObject)state!["numbers"]!.AsArray().Single(item => (string)item!["number"]! == number)!;
    }

    public async Task<JsonArray> LogAsync(string? kind = null)
    {
        var answer = await control.GetFromJsonAsync<JsonObject>(
            kind is null ? "control/log" : "control/log?kind=" + kind, TestContext.Current.CancellationToken);
        return (JsonArray)answer!["log"]!;
    }

    public async Task<JsonArray> MessagesAsync()
    {
        var answer = await control.GetFromJsonAsync<JsonObject>("control/messages", TestContext.Current.CancellationToken);
        return (JsonArray)answer!["messages"]!;
    }

    /// <summary>A contact that wrote just now, so that free-form text may be sent to it.</summary>
    public Task OpenWindowAsync(string contact) => PostAsync("control/contacts", new JsonObject
    {
        ["contacts"] = new JsonArray(new JsonObject { ["id"] = contact, ["name"] = "Ann", ["openFor"] = new JsonArray(Number) }),
    });

    /// <summary>Exactly what must be connected is connected.</summary>
    public static Task HealthyAsync(SimClient client) => Wait.UntilAsync(
        async () => client.WebListens && Health.IsHealthy(client.Shape, await client.Api.GetAsync("/v1/health")), "the client is healthy");

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await Service.DisposeAsync();
        control.Dispose();
    }
}

/// <summary>Reads health answers.</summary>
internal static class Health
{
    public static bool IsHealthy(ClientShape shape, ApiResult answer)
    {
        if (answer.Status != 200)
        {
            return false;
        }

        var health = (JsonObject)answer.Json!["health"]!;
        if (shape.Masters == 0)
        {
            return (string?)health["gateway_status"] == "connected";
        }

        var coreapps = Count(health, "coreapp");
        var masters = Count(health, "primary_master");
        return coreapps == shape.Shards && masters == (shape.Shards > 1 ? 1 : 0) && health.Count == shape.Masters + shape.Coreapps &&
            !health.Any(pair => (string?)pair.Value?["gateway_status"] is not ("connected" or "disconnected"));
    }

    public static int Count(JsonObject health, string role, string status = "connected") => health.Count(pair =>
        (string?)pair.Value?["role"] == role && (string?)pair.Value["gateway_status"] == status);
}
