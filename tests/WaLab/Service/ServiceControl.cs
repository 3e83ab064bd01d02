using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Protocol;

namespace WaLab.Service;

/// <summary>The simulated service's control API: seeding, and what the service knows, which is the last word in tests.</summary>
public sealed class ServiceControl : IDisposable
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http;

    /// <summary>A client for the service at that address.</summary>
    public ServiceControl(Uri address)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address, "control/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>The service's address; the control API is below it.</summary>
    public Uri Address { get; }

    /// <summary>What the service knows of all numbers.</summary>
    public async Task<IReadOnlyList<ServiceNumber>> GetNumbersAsync(CancellationToken cancellationToken = default)
    {
        var state = await _http.GetFromJsonAsync<JsonObject>("state", Options, cancellationToken);
        return state?["numbers"].Deserialize<List<ServiceNumber>>(Options) ?? [];
    }

    /// <summary>What the service knows of one number.</summary>
    public async Task<ServiceNumber> GetNumberAsync(string number, CancellationToken cancellationToken = default) =>
        (await GetNumbersAsync(cancellationToken)).FirstOrDefault(n => n.Number == number)
        ?? throw new InvalidOperationException($"The service does not know {number}.");

    /// <summary>Its log, after a sequence number, of one kind or of all.</summary>
    public async Task<IReadOnlyList<LogEntry>> GetLogAsync(long after = 0, string? kind = null, CancellationToken cancellationToken = default)
    {
        var query = $"log?after={after}" + (kind is null ? "" : "&kind=" + kind);
        var answer = await _http.GetFromJsonAsync<JsonObject>(query, Options, cancellationToken);
        return answer?["log"].Deserialize<List<LogEntry>>(Options) ?? [];
    }

    /// <summary>The messages that the service took, oldest first.</summary>
    public async Task<IReadOnlyList<ServiceMessage>> GetMessagesAsync(string number, CancellationToken cancellationToken = default)
    {
        var answer = await _http.GetFromJsonAsync<JsonObject>("messages?number=" + number, Options, cancellationToken);
        return answer?["messages"].Deserialize<List<ServiceMessage>>(Options) ?? [];
    }

    /// <summary>
    /// Registers a number for the unregistered client that has one of these nodes, once all nodes of it have joined: as
    /// long as the client grows, its connection to the service is renewed.
    /// </summary>
    public async Task RegisterAsync(
        string number, string name, IReadOnlyCollection<string> nodes, int nodeCount, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(wait);
        try
        {
            while (!await HasJoinedAsync(nodes, nodeCount, limit.Token))
            {
                await Task.Delay(40, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The client's {nodeCount} nodes did not join within {wait.TotalSeconds:0} s.");
        }

        await PostAsync("numbers", new { number, name, nodes, waitMs = (int)wait.TotalMilliseconds }, cancellationToken);
    }

    /// <summary>Removes a registration, as the service does with numbers that break its rules.</summary>
    public Task RemoveAsync(string number, CancellationToken cancellationToken = default) =>
        PostAsync($"numbers/{number}/remove", new { }, cancellationToken);

    /// <summary>Puts people onto WhatsApp, or changes them.</summary>
    public Task PutContactsAsync(IEnumerable<ServiceContact> contacts, CancellationToken cancellationToken = default) =>
        PostAsync("contacts", new { contacts }, cancellationToken);

    /// <summary>Somebody writes to the number.</summary>
    public async Task<string> SendInboundAsync(string number, string from, string text, CancellationToken cancellationToken = default)
    {
        var answer = await PostAsync("inbound", new { number, from, text }, cancellationToken);
        return answer["id"]!.GetValue<string>();
    }

    /// <summary>Somebody sends media to the number.</summary>
    public async Task<string> SendInboundMediaAsync(
        string number, string from, string type, string mimeType, byte[] content, CancellationToken cancellationToken = default)
    {
        var answer = await PostAsync("inbound", new { number, from, type, mimeType, data = Convert.ToBase64String(content) }, cancellationToken);
        return answer["id"]!.GetValue<string>();
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<bool> HasJoinedAsync(IReadOnlyCollection<string> nodes, int nodeCount, CancellationToken cancellationToken)
    {
        var state = await _http.GetFromJsonAsync<JsonObject>("state", Options, cancellationToken);
        return (state?["unregistered"] as JsonArray ?? []).Any(session =>
        {
            var joined = (session?["nodes"] as JsonArray ?? []).Select(key => key!.GetValue<string>()).ToList();
            return joined.Count == nodeCount && joined.Exists(key => nodes.Contains(key.Split(':')[^1]));
        });
    }

    private async Task<JsonObject> PostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, Options, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"The simulated service answered {(int)answer.StatusCode} on {path}: {text}");
    }
}
