using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>A bare HTTP client of the API, so that the simulator is tested without the product.</summary>
internal sealed class ApiClient : IDisposable
{
    public const string Password = "Str0ng-Passw0rd!";

    private readonly Func<IPEndPoint?> address;
    private readonly HttpClient http;

    public ApiClient(Func<IPEndPoint?> address, Func<string> pem)
    {
        this.address = address;
        http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, served, _, _) =>
                {
                    using var pinned = X509Certificate2.CreateFromPem(pem());
                    return served?.GetRawCertData().AsSpan().SequenceEqual(pinned.RawData) == true;
                },
            },
            PooledConnectionLifetime = TimeSpan.FromSeconds(2),
        });
    }

    public string? Token { get; set; }

    public async Task LoginAsync()
    {
        var answer = await LoginAsync("admin", "secret", Password);
        Token = (string)answer.Json!["users"]![0]!["token"]!;
    }

    public Task<ApiResult> LoginAsync(string user, string password, string? newPassword = null) => SendAsync(
        HttpMethod.Post,
        "/v1/users/login",
        newPassword is null ? null : new JsonObject { ["new_password"] = newPassword },
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    public Task<ApiResult> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ApiResult> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public async Task<ApiResult> SendAsync(HttpMethod method, string path, JsonNode? body, AuthenticationHeaderValue? authorization = null)
    {
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await SendContentAsync(method, path, content, authorization);
    }

    public async Task<ApiResult> SendContentAsync(HttpMethod method, string path, HttpContent? content, AuthenticationHeaderValue? authorization = null)
    {
        var target = address() ?? throw new HttpRequestException("Nobody listens");
        using var request = new HttpRequestMessage(method, $"https://{target}{path}") { Content = content };
        request.Headers.Authorization = authorization ?? (Token is null ? null : new AuthenticationHeaderValue("Bearer", Token));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiResult((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<ApiResult> SendTextAsync(string to, string text) => PostAsync("/v1/messages", new JsonObject
    {
        ["to"] = to,
        ["type"] = "text",
        ["recipient_type"] = "individual",
        ["text"] = new JsonObject { ["body"] = text },
    });

    public Task<ApiResult> SendTemplateAsync(string to) => PostAsync("/v1/messages", new JsonObject
    {
        ["to"] = to,
        ["type"] = "template",
        ["template"] = new JsonObject
        {
            ["namespace"] = "ns",
            ["name"] = "hello",
            ["language"] = new JsonObject { ["policy"] = "deterministic", ["code"] = "en" },
        },
    });

    public void Dispose() => http.Dispose();
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiResult(int Status, string Body)
{
    public JsonNode? Json => Body.Length == 0 ? null : JsonNode.Parse(Body);

    public int? Code => (int?)Json?["errors"]?[0]?["code"];

    public string? Details => (string?)Json?["errors"]?[0]?["details"];
}
