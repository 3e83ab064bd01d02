using System.Security.Cryptography.X509Certificates;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Nodes;
using WaSimulator.Nodes.Stores;
using WaSimulator.Storage;

namespace WaSimulator.Webapp;

/// <summary>A Webapp from start to end.</summary>
internal sealed class WebappNode(NodeSpec spec, INodeNetwork network, TimeProvider time, Action<string> log, IDictionary<string, byte[]>? files)
    : SimNode(spec, network, time, log, files)
{
    private IDatabaseServer? database;
    private PeerClient? peers;
    private HttpHost? host;

    protected override async Task<int> RunAsync()
    {
        Log("INFO", $"Webapp v{Spec.Version} starts on {Spec.Hostname}");
        database = DatabaseServers.Create(Environment, Network, Clock, $"wa-web-{Spec.Hostname}");
        peers = new PeerClient(Network, Clock, Environment.Secret);
        await database.EnsureAsync([Schemas.Web], Log, Stopping);
        var store = new WebStore(database.Open(StoreNames.Web));
        // Real hashes everywhere; where time is scaled down, cheap ones.
        var passwords = new Passwords(Environment.Scale >= 1 ? 10 : 4);
        await store.EnsureAdminAsync(passwords.Hash(Passwords.FactoryPassword), Stopping);
        var external = await store.CertificateAsync(Environment.ServerName, Stopping);
        using var own = ServerCertificates.SelfSigned(Disk, Spec, Clock);
        using var served = external is null ? null : ServerCertificates.External(Disk, external);
        await ListenAsync(Api(store, passwords), served ?? own);
        Log("INFO", "The web server is ready");
        await StoppingAsync();
        Log("INFO", "Stopping");
        Network.Withdraw(Spec);
        await host!.StopAsync(Clock.Scale(Durations.Stop, TimeSpan.FromSeconds(1)));
        Log("INFO", "Stopped");
        return 0;
    }

    protected override void Cut()
    {
        Network.Withdraw(Spec);
        host?.Abort();
        database?.Cut();
        peers?.Dispose();
    }

    private async Task StoppingAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Stopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
    }

    private WebApi Api(WebStore store, Passwords passwords)
    {
        var tokens = new TokenIssuer(Environment.JwtKey, Clock);
        var api = new WebApi(Environment, store, tokens, Log);
        var cluster = new Cluster(Environment, new ClusterStore(database!.Open(StoreNames.Cluster)), peers!);
        new UserHandlers(Spec.Version, store, tokens, passwords, new LoginLimiter(Environment.BadLogins, Clock), api).Map();
        new ForwardedHandlers(cluster, store, Clock, api).Map();
        new InfoHandlers(Spec.Version, cluster, api).Map();
        new CertificateHandlers(Spec.Version, Environment, store, api).Map();
        return api;
    }

    private async Task ListenAsync(WebApi api, X509Certificate2 certificate)
    {
        try
        {
            host = await HttpHost.StartAsync(
                [Network.Listen(Spec, Ports.Https)],
                ApiServer.Handler(Spec.Version, api.AnswerAsync, Log, Killed),
                certificate,
                Stopping);
        }
        catch (IOException problem)
        {
            throw new SimulatorException($"Cannot listen: {problem.Message}", problem);
        }

        Network.Publish(Spec, Ports.Https, host.Bound[0]);
    }
}
