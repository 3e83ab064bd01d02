using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>What a node asks of the WhatsApp service.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri address;

    public ServiceClient(Uri address)
    {
        this.address = address;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>Opens the long-lived connection.</summary>
    public async Task<SocketLink> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.Proxy = null;
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/client/connect" }.Uri, cancellationToken);
            return new SocketLink(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task ReportAsync(IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("client/log", entries, ApiJson.Options, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A call that proves itself with number and secret; a refusal becomes 1014, registration's own text 1005.</summary>
    public async Task<JsonObject> CallAsync(string path, Registration registration, JsonObject content, CancellationToken cancellationToken)
    {
        content["number"] = registration.Number;
        content["secret"] = registration.Secret;
        return await PostAsync(path, content, ApiErrors.Internal, cancellationToken);
    }

    public Task<JsonObject> RegisterAsync(string number, CancellationToken cancellationToken) =>
        PostAsync("client/register", new JsonObject { ["number"] = number }, ApiErrors.AccessDenied, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task<JsonObject> PostAsync(string path, JsonObject content, int refusedAs, CancellationToken cancellationToken)
    {
        JsonObject? answer;
        HttpResponseMessage response;
        try
        {
            response = await http.PostAsJsonAsync(path, content, ApiJson.Options, cancellationToken);
        }
        catch (HttpRequestException problem)
        {
            throw new ApiException(ApiErrors.Internal, "The WhatsApp service cannot be reached: " + problem.Message);
        }

        using (response)
        {
            answer = await response.Content.ReadFromJsonAsync<JsonObject>(ApiJson.Options, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new ApiException(refusedAs, (string?)answer?["error"] ?? $"The WhatsApp service answered {(int)response.StatusCode}");
            }
        }

        return answer ?? throw new JsonException("The WhatsApp service answered null.");
    }
}
