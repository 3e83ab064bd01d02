using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using WaLab.Net;

namespace WaLab.Webhooks;

/// <summary>A business's webhook server: HTTPS under the lab's own authority; it keeps what clients deliver.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private const string Path = "/webhook";
    private readonly LabCertificates _certificates;
    private readonly X509Certificate2 _certificate;
    private readonly SlimServer _server;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<WebhookCall> _calls = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _status = StatusCodes.Status200OK;

    private WebhookReceiver(TimeProvider time, IPAddress? address)
    {
        _time = time;
        _certificates = new LabCertificates("WaLab webhook authority");
        _certificate = _certificates.IssueServer(address);
        _server = new SlimServer(new LabAddress(0, Host: address), listen => listen.UseHttps(_certificate), HandleAsync);
    }

    /// <summary>The address for the client's settings.</summary>
    public Uri Address => new($"https://{_server.Address.Host ?? IPAddress.Loopback}:{_server.Address.TcpPort}{Path}");

    /// <summary>The certificate authority that the client must trust; PEM.</summary>
    public string CaPem => _certificates.AuthorityPem;

    /// <summary>All callbacks so far.</summary>
    public IReadOnlyList<WebhookCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Starts a receiver on a free port of loopback.</summary>
    public static Task<WebhookReceiver> StartAsync(TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        StartAsync(null, time, cancellationToken);

    /// <summary>Starts a receiver on a free port of that address, where containers reach it.</summary>
    public static async Task<WebhookReceiver> StartAsync(IPAddress? address, TimeProvider? time, CancellationToken cancellationToken = default)
    {
        var receiver = new WebhookReceiver(time ?? TimeProvider.System, address);
        await receiver._server.ListenAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Answers with this status from now on; anything but 200 makes the client keep its callbacks.</summary>
    public void AnswerWith(int status) => Volatile.Write(ref _status, status);

    /// <summary>Down: connections are refused. Or up again.</summary>
    public Task SetDownAsync(bool down) => down ? _server.UnlistenAsync() : _server.ListenAsync();

    /// <summary>Waits until a callback that fits was taken.</summary>
    public async Task<WebhookCall> WaitForAsync(Func<WebhookCall, bool> fits, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fits);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_calls.Find(call => call.WasTaken && fits(call)) is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"The webhook receiver did not get the expected callback within {timeout.TotalSeconds:0.#} s; it has {Calls.Count}.");
            }
        }
    }

    /// <summary>Waits for a status (sent, delivered, read, failed) of a message.</summary>
    public Task<WebhookCall> WaitForStatusAsync(string messageId, string status, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForAsync(call => call.Statuses.Contains((messageId, status)), timeout, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
        _certificates.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path != Path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        JsonObject? body;
        try
        {
            body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            body = null;
        }

        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.StatusCode = Volatile.Read(ref _status);
        TaskCompletionSource changed;
        lock (_gate)
        {
            _calls.Add(new WebhookCall(_time.GetUtcNow(), context.Response.StatusCode, body));
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
