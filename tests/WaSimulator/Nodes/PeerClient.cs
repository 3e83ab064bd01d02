using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Nodes;

/// <summary>Calls to the control port of other nodes.</summary>
internal sealed class PeerClient : IDisposable
{
    /// <summary>Carries the proof that both sides have the same WA_SECRET.</summary>
    public const string SignatureHeader = "X-Wa-Signature";

    private readonly INodeNetwork network;
    private readonly SimClock clock;
    private readonly string? secret;
    private readonly HttpClient http;

    public PeerClient(INodeNetwork network, SimClock clock, string? secret)
    {
        this.network = network;
        this.clock = clock;
        this.secret = secret;
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = clock.Scale(Durations.NodeConnect, TimeSpan.FromSeconds(1)),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static string Sign(string secret, string method, string path, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(method + " " + path + "\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Sends the request and answers what came back, errors included; throws 1014 when nobody answers.</summary>
    public async Task<ApiAnswer> SendAsync(
        string hostname,
        int port,
        string method,
        string pathAndQuery,
        byte[] body,
        string? contentType,
        CancellationToken cancellationToken)
    {
        var address = network.Resolve(hostname, port) ?? throw Unreachable(hostname, port);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{address}{pathAndQuery}");
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        if (secret is not null)
        {
            request.Headers.Add(SignatureHeader, Sign(secret, method, pathAndQuery, body));
        }

        // The floor keeps slow test machines from looking like dead nodes.
        using var limit = new CancellationTokenSource(clock.Scale(Durations.NodeRead, TimeSpan.FromSeconds(10)), clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return new ApiAnswer(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString(),
                await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (HttpRequestException)
        {
            throw Unreachable(hostname, port);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiException(ApiErrors.Internal, $"No answer in time from {hostname}:{port}");
        }
    }

    public void Dispose() => http.Dispose();

    private static ApiException Unreachable(string hostname, int port) => new(
        ApiErrors.Internal,
        $"Connection refused. Please check if wacore is running: {hostname}:{port}");
}
