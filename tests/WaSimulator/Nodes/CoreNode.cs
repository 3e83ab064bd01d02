using System.Data.Common;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Protocol;
using WaSimulator.Storage;

namespace WaSimulator.Nodes;

/// <summary>A Coreapp or Master from start to end.</summary>
internal sealed class CoreNode(NodeSpec spec, INodeNetwork network, TimeProvider time, Action<string> log, IDictionary<string, byte[]>? files)
    : SimNode(spec, network, time, log, files)
{
    private static readonly int[] ContainerPorts = [Ports.Messaging, Ports.Contacts, Ports.Control, Ports.HealthCheck];

    private IDatabaseServer? database;
    private CoreContext? core;
    private Gateway? gateway;
    private HttpHost? host;

    private string RoleName => Spec.Role == NodeRole.Master ? "Master" : "Coreapp";

    protected override async Task<int> RunAsync()
    {
        Log("INFO", $"{RoleName} v{Spec.Version} starts on {Spec.Hostname}");
        database = DatabaseServers.Create(
            Environment, Network, Clock, $"wa-{(Spec.Role == NodeRole.Master ? "master" : "coreapp")}-{Spec.Hostname}");
        if (Environment.UpgradeOnly)
        {
            await database.EnsureAsync(Schemas.Core(Spec.Version), Log, Stopping);
            Log("INFO", "The databases are up to date");
            return 0;
        }

        core = new CoreContext(this, database);
        using var connection = new Gateway(core);
        gateway = connection;
        var state = new NodeState(core, gateway);
        var duties = new MasterDuties(core, state);
        using var agent = new ClusterAgent(core, state, gateway, duties);
        using var callbacks = new CallbackQueue(core, state);
        using var messaging = new Messaging(core, state, gateway, callbacks);
        using var registrar = new Registrar(core, state, agent, duties);
        gateway.Received = messaging.ReceiveAsync;
        gateway.Registered = registrar.RegisterAsync;
        gateway.Changed = () =>
        {
            agent.Wake();
            messaging.Wake();
            callbacks.Wake();
        };
        agent.SettingsRead = callbacks.Wake;
        await ListenAsync(Api(state, agent, callbacks, messaging, duties, registrar));
        var reporting = core.Reporter.RunAsync(Killed);
        core.Reporter.Write(LogKinds.Started);

        using var work = CancellationTokenSource.CreateLinkedTokenSource(Killed);
        Task[] loops = [];
        var halted = false;
        try
        {
            await database.EnsureAsync(Schemas.Core(Spec.Version), Log, Stopping);
            var looking = agent.RunAsync(work.Token);
            loops =
            [
                looking, gateway.RunAsync(work.Token),
                .. Spec.Role == NodeRole.Coreapp ? [messaging.RunAsync(work.Token), callbacks.RunAsync(work.Token)] : Array.Empty<Task>(),
            ];
            var ended = await Task.WhenAny([.. loops, StoppingAsync()]);
            halted = ended == looking && looking.IsCompletedSuccessfully;
            if (loops.Contains(ended) && !halted)
            {
                await ended;
            }
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested && !Killed.IsCancellationRequested)
        {
            // Stopped before it was ready: there is nothing to finish.
        }

        if (halted)
        {
            await HaltAsync(work, loops);
            await StoppingAsync();
        }

        await StopAsync(state, agent, work, loops, halted);
        core.Reporter.Complete();
        await reporting;
        Log("INFO", "Stopped");
        return 0;
    }

    protected override void Cut()
    {
        Network.Withdraw(Spec);
        host?.Abort();
        gateway?.Abort();
        database?.Cut();
        core?.Dispose();
    }

    private async Task StoppingAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Stopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
    }

    private NodeApi Api(NodeState state, ClusterAgent agent, CallbackQueue callbacks, Messaging messaging, MasterDuties duties, Registrar registrar)
    {
        var api = new NodeApi(core!, state, duties);
        new InfoHandlers(core!, state, gateway!, agent, callbacks, api).Map();
        new SettingsHandlers(core!, agent, duties, registrar, api).Map();
        new AccountHandlers(core!, state, api).Map();
        new ProfileHandlers(core!, api).Map();
        if (Spec.Role == NodeRole.Coreapp)
        {
            new MediaHandlers(core!, api).Map();
            new MessageHandlers(core!, state, messaging, callbacks, api).Map();
        }

        return api;
    }

    private async Task ListenAsync(NodeApi api)
    {
        var wanted = ContainerPorts.Select(port => Network.Listen(Spec, port)).ToList();
        try
        {
            host = await HttpHost.StartAsync(
                wanted, ApiServer.Handler(Spec.Version, api.AnswerAsync, Log, Killed), certificate: null, Stopping);
        }
        catch (IOException problem)
        {
            throw new SimulatorException($"Cannot listen: {problem.Message}", problem);
        }

        foreach (var (port, bound) in ContainerPorts.Zip(host.Bound))
        {
            Network.Publish(Spec, port, bound);
        }
    }

    /// <summary>After a restore onto a registered client: the process stays, its application does not.</summary>
    private async Task HaltAsync(CancellationTokenSource work, Task[] loops)
    {
        Log("WARN", "The application stops after the restore and must be restarted");
        core!.Reporter.Write(LogKinds.Halted);
        await EndLoopsAsync(work, loops);
        Network.Withdraw(Spec);
        await host!.StopAsync(TimeSpan.FromSeconds(5));
        database!.Cut();
    }

    private async Task StopAsync(NodeState state, ClusterAgent agent, CancellationTokenSource work, Task[] loops, bool halted)
    {
        var began = core!.Reporter.Write(LogKinds.StopBegin, state.Status);
        Log("INFO", "Stopping");
        if (!halted && state.IsReady)
        {
            agent.Stopping = true;
            agent.Wake();
            var connected = gateway!.Status == "connected";
            await Clock.DelayAsync(connected ? Durations.Stop : Durations.Stop / 5, Killed);
        }

        if (!halted)
        {
            await EndLoopsAsync(work, loops);
            await LeaveAsync(state);
            Network.Withdraw(Spec);
            await host!.StopAsync(TimeSpan.FromSeconds(1));
            database!.Cut();
        }

        core.Reporter.Write(LogKinds.StopEnd, detail: null, began);
    }

    private static async Task EndLoopsAsync(CancellationTokenSource work, Task[] loops)
    {
        await work.CancelAsync();
        foreach (var loop in loops)
        {
            try
            {
                await loop;
            }
            catch (OperationCanceledException)
            {
                // That is how a loop ends.
            }
        }
    }

    private async Task LeaveAsync(NodeState state)
    {
        if (!state.Loaded)
        {
            return;
        }

        try
        {
            await core!.Cluster.LeaveAsync(core.ContainerName, Killed);
            await core.Cluster.ReleaseAsync(core.ContainerName, Killed);
        }
        catch (DbException problem)
        {
            Log("WARN", $"Could not take leave of the cluster: {problem.Message}");
            return;
        }

        if (state.Snapshot?.Info is { } info && (info.Hostname != core.Hostname || info.Port != core.Port))
        {
            try
            {
                await core.Peers.SendAsync(info.Hostname, info.Port, "POST", "/internal/wake", [], null, Killed);
            }
            catch (ApiException)
            {
                // The primary Master has left before: there is nobody to tell.
            }
        }
    }
}
