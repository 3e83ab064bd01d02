using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace WaLab.Setups;

/// <summary>
/// The lab's own way to a client's API: past the proxies, so that nothing that a test counts or holds is touched.
/// </summary>
public sealed class ClientApi : IDisposable
{
    private readonly Func<Uri> _address;
    private readonly Func<string> _password;
    private readonly string _apiKey;
    private readonly HttpClient _http;
    private string? _token;

    internal ClientApi(Func<Uri> address, Func<string> password, string apiKey, Func<byte[], bool> isItsCertificate)
    {
        _address = address;
        _password = password;
        _apiKey = apiKey;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && isItsCertificate(shown.GetRawCertData()) },
        })
        {
            Timeout = TimeSpan.FromSeconds(90),
        };
    }

    /// <summary>Logs in as admin; with a new password at the first login.</summary>
    public async Task<string> LoginAsync(string password, string? newPassword = null, CancellationToken cancellationToken = default) =>
        _token = await RequestTokenAsync("admin", password, newPassword, cancellationToken);

    /// <summary>The token of another user's login; nothing goes on with it here.</summary>
    public Task<string> TokenOfAsync(string user, string password, CancellationToken cancellationToken = default) =>
        RequestTokenAsync(user, password, newPassword: null, cancellationToken);

    /// <summary>Calls the API as admin; logs in if it has to.</summary>
    public async Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonObject? body = null, CancellationToken cancellationToken = default)
    {
        using var content = body is null ? null : Json(body);
        return await CallAsync(method, path, content, cancellationToken);
    }

    /// <summary>Puts the certificate authority of the webhook server into the client.</summary>
    public async Task SetWebhookCaAsync(string pem, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(pem, Encoding.ASCII, "text/plain");
        await CallAsync(HttpMethod.Post, "/v1/certificates/webhooks/ca", content, cancellationToken);
    }

    /// <summary>The health of all nodes, by the monitoring key.</summary>
    public async Task<JsonObject> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address(), "/v1/health"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Apikey", _apiKey);
        using var answer = await _http.SendAsync(request, cancellationToken);
        return answer.StatusCode == HttpStatusCode.Unauthorized
            ? (await CallAsync(HttpMethod.Get, "/v1/health", body: null, cancellationToken))!.AsObject()
            : (await ReadAsync(answer, "/v1/health", cancellationToken))!.AsObject();
    }

    /// <summary>Sends a text; the id of the message.</summary>
    public async Task<string> SendTextAsync(string to, string text, CancellationToken cancellationToken = default)
    {
        var answer = await CallAsync(
            HttpMethod.Post,
            "/v1/messages",
            new JsonObject { ["to"] = to, ["type"] = "text", ["recipient_type"] = "individual", ["text"] = new JsonObject { ["body"] = text } },
            cancellationToken);
        return answer!["messages"]![0]!["id"]!.GetValue<string>();
    }

    /// <summary>Uploads media; its id.</summary>
    public async Task<string> UploadMediaAsync(byte[] content, string mimeType, CancellationToken cancellationToken = default)
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(mimeType);
        var answer = await CallAsync(HttpMethod.Post, "/v1/media", body, cancellationToken);
        return answer!["media"]![0]!["id"]!.GetValue<string>();
    }

    /// <summary>The content of media, by its id.</summary>
    public async Task<byte[]> DownloadMediaAsync(string id, CancellationToken cancellationToken = default)
    {
        var token = _token ?? await LoginAsync(_password(), newPassword: null, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address(), "/v1/media/" + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw new LabApiException((int)answer.StatusCode, $"The client answered {(int)answer.StatusCode} on media {id}");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> RequestTokenAsync(string user, string password, string? newPassword, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address(), "/v1/users/login"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password)));
        request.Content = Json(newPassword is null ? [] : new JsonObject { ["new_password"] = newPassword });
        using var answer = await _http.SendAsync(request, cancellationToken);
        var body = await ReadAsync(answer, "login", cancellationToken);
        return body!["users"]![0]!["token"]!.GetValue<string>();
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? text.Length == 0 ? null : JsonNode.Parse(text)
            : throw new LabApiException((int)answer.StatusCode, $"The client answered {(int)answer.StatusCode} on {what}: {text}");
    }

    private async Task<JsonNode?> CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var token = _token ?? await LoginAsync(_password(), newPassword: null, cancellationToken);
        using var request = new HttpRequestMessage(method, new Uri(_address(), path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            _token = null;
        }

        return await ReadAsync(answer, $"{method} {path}", cancellationToken);
    }
}
