using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WaLab.Net;
using WaLab.Setups;

namespace WaLab.Playground;

/// <summary>
/// How a playground is looked at and ended from outside: callbacks that the webhook receiver took, the databases that the
/// server has and the rows of their tables, media by their ids through the clients' own API, a message from the test contact
/// (HTTP on loopback), and the call that ends it (a unix socket in the owner's folder, so that nobody else can).
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

    private static async Task ShowAsync(Lab lab, HttpContext context)
    {
        JsonObject? answer = HttpMethods.IsPost(context.Request.Method)
            ? await DoAsync(lab, context.Request.Path, context.RequestAborted)
            : HttpMethods.IsGet(context.Request.Method) ? await LookAsync(lab, context) : null;
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static async Task<JsonObject?> LookAsync(Lab lab, HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/media", StringComparison.Ordinal, out var id))
        {
            return await PlaygroundMedia.LookAsync(lab, id.Value!.Trim('/'), context.RequestAborted);
        }

        return context.Request.Path.Value switch
        {
            "/callbacks" => new JsonObject { ["callbacks"] = Callbacks(lab) },
            "/databases" => new JsonObject
            {
                ["old"] = await DatabasesAsync(lab, lab.Old, context.RequestAborted),
                ["new"] = await DatabasesAsync(lab, lab.New, context.RequestAborted),
            },
            "/tables" => new JsonObject
            {
                ["old"] = await TablesAsync(lab, lab.Old, context.RequestAborted),
                ["new"] = await TablesAsync(lab, lab.New, context.RequestAborted),
            },
            _ => null,
        };
    }

    private static async Task<JsonObject?> DoAsync(Lab lab, string? path, CancellationToken cancellationToken) => path switch
    {
        "/media" => await PlaygroundMedia.UploadAsync(lab, cancellationToken),
        "/inbound" => new JsonObject { ["id"] = await lab.Service.SendInboundAsync(lab.Number, Lab.TestContact, "Asked of whoever serves.", cancellationToken) },
        _ => null,
    };

    private static JsonArray Callbacks(Lab lab)
    {
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

        return callbacks;
    }

    private static async Task<JsonArray> DatabasesAsync(Lab lab, LabSetup setup, CancellationToken cancellationToken) =>
        [.. (await lab.ListDatabasesAsync(setup, cancellationToken)).Select(name => (JsonNode?)JsonValue.Create(name))];

    /// <summary>The rows of every table, by store and table.</summary>
    private static async Task<JsonObject> TablesAsync(Lab lab, LabSetup setup, CancellationToken cancellationToken)
    {
        var tables = new JsonObject();
        foreach (var database in await lab.ListDatabasesAsync(setup, cancellationToken))
        {
            var store = database[setup.NamePrefix.Length..];
            foreach (var (table, digest) in await lab.DigestAsync(setup, store, cancellationToken))
            {
                tables[store + "." + table] = long.Parse(digest.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return tables;
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
