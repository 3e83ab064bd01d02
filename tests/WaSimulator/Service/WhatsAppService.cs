using System.Net;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Service;

/// <summary>The simulated WhatsApp service: the world that clients connect to, with a control API for tests.</summary>
public sealed class WhatsAppService : IAsyncDisposable
{
    private const string Version = "service";

    private readonly CancellationTokenSource stopping;
    private readonly HttpHost host;

    private WhatsAppService(HttpHost host, CancellationTokenSource stopping)
    {
        this.host = host;
        this.stopping = stopping;
        EndPoints = host.Bound;
        Address = new Uri($"http://{host.Bound[0]}/");
    }

    /// <summary>The address for WA_SIM_SERVICE; the control API is below it at /control/.</summary>
    public Uri Address { get; }

    /// <summary>All end points, in the order asked for.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Starts the service on one end point.</summary>
    public static Task<WhatsAppService> StartAsync(
        IPEndPoint endPoint,
        double scale,
        TimeProvider time,
        CancellationToken cancellationToken = default) =>
        StartAsync([endPoint], scale, time, static _ => { }, cancellationToken);

    /// <summary>Starts the service on several end points, with a log of its own faults.</summary>
    public static async Task<WhatsAppService> StartAsync(
        IReadOnlyList<IPEndPoint> endPoints,
        double scale,
        TimeProvider time,
        Action<string> log,
        CancellationToken cancellationToken = default)
    {
        var stopping = new CancellationTokenSource();
        var state = new ServiceState(new SimClock(time, scale));
        var delivery = new Delivery(state, stopping.Token);
        var hub = new ConnectionHub(state, delivery);
        var clients = new ClientApi(state, hub);
        var routes = new RouteTable<Func<ApiCall, Task<ApiAnswer>>>();
        clients.Map(routes);
        new ControlApi(state, delivery, clients).Map(routes);
        var http = ApiServer.Handler(
            Version,
            call => routes.Find(call) is { } answer ? answer(call) : throw new ApiException(ApiErrors.NotFound, call.Path),
            (level, text) => log($"{level}: {text}"),
            stopping.Token);
        var host = await HttpHost.StartAsync(
            endPoints,
            context => context.WebSockets.IsWebSocketRequest ? hub.ServeAsync(context, stopping.Token) : http(context),
            certificate: null,
            cancellationToken);
        return new WhatsAppService(host, stopping);
    }

    /// <summary>Cuts every connection and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await host.DisposeAsync();
        stopping.Dispose();
    }
}
