using System.Formats.Tar;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaLab.RealDocker;

/// <summary>
/// The few calls to a Docker engine that the lab itself makes. Independent of the product's own connection on purpose:
/// tests look at a host with it to see what the product really did.
/// </summary>
public sealed class DockerApiClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client for the engine behind that unix socket.</summary>
    public DockerApiClient(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://docker/"), Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>True when the engine answers.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("_ping", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What a path answers, e.g. <c>containers/json?all=1</c>.</summary>
    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken)
            ?? throw new InvalidOperationException($"Docker answered nothing on {path}.");
    }

    /// <summary>Sends a body to a path, e.g. <c>containers/x/start</c>.</summary>
    public async Task<JsonNode?> PostAsync(string path, JsonNode? body = null, CancellationToken cancellationToken = default)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 || answer.StatusCode == HttpStatusCode.NoContent ? null : JsonNode.Parse(text);
    }

    /// <summary>Removes what the path names, e.g. <c>containers/x?force=1</c>; nothing there is fine.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        using var answer = await _http.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NotFound)
        {
            await ThrowIfFailedAsync(answer, path, cancellationToken);
        }
    }

    /// <summary>The containers with their names, states and images; stopped ones too.</summary>
    public async Task<IReadOnlyList<LabContainer>> ContainersAsync(CancellationToken cancellationToken = default)
    {
        var list = (await GetAsync("containers/json?all=1", cancellationToken)).AsArray();
        return
        [
            .. list.OfType<JsonObject>().Select(one => new LabContainer(
                (string)one["Id"]!,
                ((string)one["Names"]![0]!).TrimStart('/'),
                (string)one["Image"]!,
                (string)one["State"]!,
                (string?)one["Labels"]?["com.docker.compose.service"])),
        ];
    }

    /// <summary>The id of an image; null where the host has none of that name.</summary>
    public async Task<string?> ImageIdAsync(string reference, CancellationToken cancellationToken = default)
    {
        var path = $"images/{reference}/json";
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfFailedAsync(answer, path, cancellationToken);
        return (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))?["Id"];
    }

    /// <summary>Loads images from the docker archive that is written to it.</summary>
    public async Task LoadImagesAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        using var content = new WrittenContent(write);
        content.Headers.ContentType = new("application/x-tar");
        using var answer = await SendAsync(HttpMethod.Post, "images/load?quiet=1", content, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);

        // The status was sent before the archive was read: a failure stands in the text.
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if ((string?)JsonNode.Parse(line)?["error"] is { } error)
            {
                throw new InvalidOperationException("Docker did not load the images: " + error);
            }
        }
    }

    /// <summary>What a container wrote, both streams in order.</summary>
    public async Task<string> LogAsync(string container, int lines = 40, CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(
            HttpMethod.Get, $"containers/{container}/logs?stdout=1&stderr=1&tail={lines}", null, cancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return DockerLogFrames.Text(bytes);
    }

    /// <summary>A file of a container; null where it is not there.</summary>
    public async Task<byte[]?> FileAsync(string container, string path, CancellationToken cancellationToken = default)
    {
        var address = $"containers/{container}/archive?path={Uri.EscapeDataString(path)}";
        using var answer = await _http.GetAsync(new Uri(address, UriKind.Relative), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowIfFailedAsync(answer, address, cancellationToken);
        await using var tar = new TarReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        if (await tar.GetNextEntryAsync(copyData: true, cancellationToken) is not { DataStream: { } data })
        {
            return [];
        }

        using var content = new MemoryStream();
        await data.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task ThrowIfFailedAsync(HttpResponseMessage answer, string path, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"Docker answered {(int)answer.StatusCode} on {path}: {Message(await answer.Content.ReadAsStringAsync(cancellationToken))}");
        }
    }

    private static string Message(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["message"] ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await ThrowIfFailedAsync(answer, path, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>A body that is written as it is sent.</summary>
    private sealed class WrittenContent(Func<Stream, CancellationToken, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            write(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
