using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WaLab.Net;

namespace WaLab.Playground;

/// <summary>
/// How a playground is looked at and ended from outside: callbacks that the webhook receiver took (HTTP on loopback), and
/// the call that ends it (a unix socket in the owner's folder, so that nobody else can).
/// </summary>
internal sealed class PlaygroundControl : IAsyncDisposable
{
    private readonly TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SlimServer _public;
    private readonly SlimServer _private;

    private PlaygroundControl(Lab lab, string socket)
    {
        _public = new SlimServer(new LabAddress(0), static _ => { }, context => ShowAsync(lab, context));
        _private = new SlimServer(new LabAddress(0, socket), static _ => { }, EndAsync);
    }

    /// <summary>Ends when somebody called for the end.</summary>
    public Task Down => _down.Task;

    public Uri Address => new($"http://127.0.0.1:{_public.Address.TcpPort}/");

    public static async Task<PlaygroundControl> StartAsync(Lab lab, string socket, CancellationToken cancellationToken)
    {
        var control = new PlaygroundControl(lab, socket);
        try
        {
            await control._public.ListenAsync(cancellationToken);
            await control._private.ListenAsync(cancellationToken);
            return control;
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _public.DisposeAsync();
        await _private.DisposeAsync();
    }

    private static Task ShowAsync(Lab lab, HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path != "/callbacks")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var callbacks = new JsonArray();
        foreach (var call in lab.Webhook.Calls)
        {
            callbacks.Add((JsonNode)new JsonObject
            {
                ["time"] = call.Time.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                ["taken"] = call.WasTaken,
                ["body"] = call.Body.DeepClone(),
            });
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["callbacks"] = callbacks }.ToJsonString(), context.RequestAborted);
    }

    private Task EndAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/down")
        {
            _down.TrySetResult();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        return Task.CompletedTask;
    }
}
