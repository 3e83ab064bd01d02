using System.Data.Common;
using WaSimulator.Hosting;
using WaSimulator.Nodes.Stores;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>
/// A node's regular look at its cluster: says that it lives, leads if it may, follows what was decided. A Coreapp
/// that runs alone is its own cluster.
/// </summary>
internal sealed class ClusterAgent(CoreContext core, NodeState state, Gateway gateway, MasterDuties duties) : IDisposable
{
    private readonly Signal wake = new();
    private string? epoch;
    private string? settingsMark;
    private string? haltMark;
    private string? fingerprint;
    private bool started;

    /// <summary>SIGTERM came: no new work for this node.</summary>
    public bool Stopping { get; set; }

    /// <summary>Called when settings were read anew; the argument says whether the webhook may be another one.</summary>
    public Action SettingsRead { get; set; } = static () => { };

    public string? Client { get; private set; }

    public void Wake() => wake.Set();

    /// <summary>Runs until cancelled; returns earlier only when the application must stop after a restore.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await LookAsync(cancellationToken))
                {
                    return;
                }
            }
            catch (Exception problem) when (problem is DbException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                core.Log("ERROR", $"Database: {problem.Message}");
            }

            await wake.WaitAsync(Pause(), cancellationToken);
        }
    }

    public void Dispose() => wake.Dispose();

    private TimeSpan Pause()
    {
        if (!state.IsReady || state.Status == "connecting")
        {
            var until = state.IsReady ? TimeSpan.MaxValue : state.UntilReady + TimeSpan.FromMilliseconds(1);
            var busy = core.Clock.Scale(TimeSpan.FromSeconds(1), Durations.BusyTickFloor);
            return until < busy ? until : busy;
        }

        return core.Clock.Scale(state.Settings.Heartbeat, Durations.SettledTickFloor);
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (!started)
        {
            await BeginAsync(cancellationToken);
        }
        else if (!await core.Cluster.BeatAsync(core.ContainerName, BeatRole, BeatState, cancellationToken))
        {
            await RegisterAsync(cancellationToken);
        }

        var seen = await core.Cluster.SnapshotAsync(cancellationToken);
        await FollowAsync(seen, cancellationToken);
        if (core.Environment.Multiconnect && core.IsMaster)
        {
            await duties.LeadAsync(cancellationToken);
            seen = await core.Cluster.SnapshotAsync(cancellationToken);
        }
        else if (!core.Environment.Multiconnect)
        {
            state.IsPrimary = true;
            seen = await AloneAsync(seen, cancellationToken);
        }

        state.Snapshot = seen;
        state.Loaded = true;
        if (seen.Halt != haltMark)
        {
            return true;
        }

        await AimAsync(cancellationToken);
        return false;
    }

    private string BeatRole => core.IsMaster ? "master" : "coreapp";

    private string BeatState => Stopping ? "stopping" : state.Status;

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        fingerprint = await core.Database.FingerprintAsync(Storage.StoreNames.Cluster, cancellationToken);
        await core.Cluster.StateOrAsync(ClusterKeys.Instance, Guid.NewGuid().ToString("N")[..12], cancellationToken);
        var home = await core.Cluster.StateOrAsync(ClusterKeys.Home, fingerprint, cancellationToken);
        duties.MayForget = home == fingerprint;
        haltMark = await core.Cluster.StateOrAsync(ClusterKeys.Halt, "-", cancellationToken);
        state.WebhookCa = await core.Config.WebhookCaAsync(cancellationToken);
        state.Initialize(Durations.Initialize);
        await RegisterAsync(cancellationToken);
    }

    private Task RegisterAsync(CancellationToken cancellationToken) => core.Cluster.RegisterAsync(
        core.Hostname, core.Port, core.ContainerName, BeatRole, BeatState, cancellationToken);

    /// <summary>Reads registration and settings when they have changed.</summary>
    private async Task FollowAsync(ClusterSnapshot seen, CancellationToken cancellationToken)
    {
        Client = $"{seen.Instance}-{fingerprint}";
        core.Reporter.Client = Client;
        if (started && seen.Epoch == epoch && seen.State.GetValueOrDefault(ClusterKeys.Settings) == settingsMark)
        {
            return;
        }

        var before = state.Registration;
        var registration = await core.Config.RegistrationAsync(cancellationToken);
        state.Settings = AppSettings.From(await core.Config.SettingsAsync(cancellationToken), core.Version, registration?.Number);
        state.IdentityKey = (await core.Keys.IdentityAsync(cancellationToken))?.PublicKey;
        state.Registration = registration;
        core.Reporter.Number = registration?.Number;
        if (!started)
        {
            state.StartSettings = state.Settings;
        }

        if (started && seen.Epoch != epoch && before is null && registration is not null)
        {
            // A restore onto an unregistered client: it initialises itself with what was restored.
            state.Initialize(Durations.InitializeAfterRestore);
            state.StartSettings = state.Settings;
        }

        if (registration is not null && (!started || before is null) && MayConnect(seen))
        {
            gateway.ConnectBegan = core.Reporter.Write(LogKinds.ConnectBegin);
        }

        epoch = seen.Epoch;
        settingsMark = seen.State.GetValueOrDefault(ClusterKeys.Settings);
        started = true;
        SettingsRead();
    }

    private bool MayConnect(ClusterSnapshot seen) => !core.IsMaster || (seen.Info?.Shards ?? 1) > 1;

    private async Task<ClusterSnapshot> AloneAsync(ClusterSnapshot seen, CancellationToken cancellationToken)
    {
        var shards = state.Registration is null
            ? Array.Empty<ShardRow>()
            : [new ShardRow(-1, -1, 1, core.Hostname, core.Port), new ShardRow(0, 0, 1, core.Hostname, core.Port)];
        var info = new ClusterInfo(core.Hostname, core.Port, state.Registration is null ? "unregistered" : "registered", 1, 1);
        if (seen.Info == info && shards.SequenceEqual(seen.Shards.OrderBy(row => row.Lower)))
        {
            return seen;
        }

        await core.Cluster.PutInfoAsync(info, cancellationToken);
        await core.Cluster.PutShardsAsync(shards, cancellationToken);
        return await core.Cluster.SnapshotAsync(cancellationToken);
    }

    private async Task AimAsync(CancellationToken cancellationToken)
    {
        var goal = await GoalAsync(cancellationToken);
        gateway.SetGoal(goal);
        if (goal is ConnectionGoal.None && state.IsReady)
        {
            // A spare has not been connecting all the time until it is needed.
            gateway.ConnectBegan = null;
        }
    }

    private async Task<ConnectionGoal> GoalAsync(CancellationToken cancellationToken)
    {
        if (!state.IsReady || Client is null)
        {
            return new ConnectionGoal.None();
        }

        if (state.Registration is not { } registration)
        {
            return state.IsPrimary ? new ConnectionGoal.Lobby(Client, await NodeKeysAsync(cancellationToken), state.Shards) : new ConnectionGoal.None();
        }

        var slot = core.IsMaster
            ? (state.IsPrimary && state.Shards > 1 ? "master" : null)
            : (state.SendingShard is { } shard ? Sharding.Slot(shard) : null);
        return slot is null || state.IdentityKey is not { } identity
            ? new ConnectionGoal.None()
            : new ConnectionGoal.Connect(Client, slot, registration, identity);
    }

    private async Task<IReadOnlyList<string>> NodeKeysAsync(CancellationToken cancellationToken) =>
        [.. (await core.Cluster.NodesAsync(cancellationToken)).Select(node => node.Key).Order(StringComparer.Ordinal)];
}
