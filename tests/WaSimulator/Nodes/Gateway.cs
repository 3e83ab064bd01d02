using System.Net.WebSockets;
using WaSimulator.Hosting;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>The node's one connection to the WhatsApp service, kept as its goal says.</summary>
internal sealed class Gateway(CoreContext core) : IDisposable
{
    private readonly Lock gate = new();
    private ConnectionGoal goal = new ConnectionGoal.None();
    private CancellationTokenSource changed = new();
    private volatile SocketLink? link;

    /// <summary>connected, connecting or disconnected.</summary>
    public string Status { get; private set; } = "disconnected";

    /// <summary>Another client took the number: no connection any more until the container is restarted.</summary>
    public bool Kicked { get; private set; }

    /// <summary>When the initialisation that leads to a connection began, monotonic.</summary>
    public double? ConnectBegan { get; set; }

    /// <summary>Takes each frame that concerns messages.</summary>
    public Func<Frame, CancellationToken, Task> Received { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>A registration arrived for the unregistered client.</summary>
    public Func<Frame, CancellationToken, Task> Registered { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>The status changed.</summary>
    public Action Changed { get; set; } = static () => { };

    public void SetGoal(ConnectionGoal wanted)
    {
        lock (gate)
        {
            if (goal == wanted)
            {
                return;
            }

            goal = wanted;
            var old = changed;
            changed = new CancellationTokenSource();
            old.Cancel();
            old.Dispose();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            changed.Dispose();
        }
    }

    /// <summary>Sends over the connection; false when there is none.</summary>
    public async Task<bool> SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (Status != "connected" || link is not { } open)
        {
            return false;
        }

        try
        {
            await open.SendAsync(frame, cancellationToken);
            return true;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && SocketLink.IsGone(problem))
        {
            return false;
        }
    }

    /// <summary>Cuts the socket.</summary>
    public void Abort() => link?.Abort();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            ConnectionGoal current;
            CancellationToken until;
            lock (gate)
            {
                current = goal;
                until = changed.Token;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, until);
            try
            {
                await PursueAsync(current, either.Token);
            }
            catch (OperationCanceledException) when (until.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The goal is another one now.
            }
            finally
            {
                SetStatus("disconnected");
            }
        }
    }

    private Task PursueAsync(ConnectionGoal wanted, CancellationToken cancellationToken) => wanted switch
    {
        ConnectionGoal.Connect connect when !Kicked => ConnectAsync(connect, cancellationToken),
        ConnectionGoal.Lobby lobby => LobbyAsync(lobby, cancellationToken),
        _ => Task.Delay(Timeout.Infinite, cancellationToken),
    };

    private async Task LobbyAsync(ConnectionGoal.Lobby lobby, CancellationToken cancellationToken)
    {
        try
        {
            using var open = await core.Service.ConnectAsync(cancellationToken);
            await open.SendAsync(
                new Frame { Type = "lobby", Client = lobby.Client, Node = core.Key, Nodes = lobby.Nodes, Shards = lobby.Shards },
                cancellationToken);
            while (await open.ReceiveAsync(cancellationToken) is { } frame)
            {
                if (frame.Type == "registered")
                {
                    // The service has registered the number: neither a grown cluster nor a lost lease may undo that half-way.
                    await Registered(frame, core.Node.Killed);
                }
            }
        }
        catch (WebSocketException problem)
        {
            core.Log("WARN", $"The WhatsApp service cannot be reached: {problem.Message}");
        }

        await core.Clock.DelayAsync(Durations.Reconnect, Durations.BusyTickFloor, cancellationToken);
    }

    private async Task ConnectAsync(ConnectionGoal.Connect wanted, CancellationToken cancellationToken)
    {
        ConnectBegan ??= core.Reporter.Write(LogKinds.ConnectBegin, wanted.Slot);
        SetStatus("connecting");
        core.Log("INFO", $"Connecting as {wanted.Slot}");
        await core.Clock.DelayAsync(Durations.Connect, cancellationToken);
        var pause = Durations.Reconnect;
        try
        {
            using var open = await core.Service.ConnectAsync(cancellationToken);
            try
            {
                await open.SendAsync(
                    new Frame
                    {
                        Type = "hello",
                        Client = wanted.Client,
                        Node = core.Key,
                        Slot = wanted.Slot,
                        Number = wanted.Registration.Number,
                        Secret = wanted.Registration.Secret,
                        IdentityKey = wanted.IdentityKey,
                        DurationMs = core.Clock.Monotonic - ConnectBegan,
                    },
                    cancellationToken);
                pause = await ReceiveAsync(open, wanted, cancellationToken);
            }
            finally
            {
                link = null;
                SetStatus("disconnected");
                await open.CloseAsync("bye", CancellationToken.None);
            }
        }
        catch (WebSocketException problem)
        {
            core.Log("WARN", $"The WhatsApp service cannot be reached: {problem.Message}");
        }

        await core.Clock.DelayAsync(pause, Durations.BusyTickFloor, cancellationToken);
    }

    /// <summary>Receives until the connection ends; answers how long to wait before another try.</summary>
    private async Task<TimeSpan> ReceiveAsync(SocketLink open, ConnectionGoal.Connect wanted, CancellationToken cancellationToken)
    {
        while (await open.ReceiveAsync(cancellationToken) is { } frame)
        {
            switch (frame.Type)
            {
                case "welcome":
                    link = open;
                    core.Reporter.Write(LogKinds.ConnectEnd, wanted.Slot, ConnectBegan);
                    ConnectBegan = null;
                    core.Log("INFO", $"Connected as {wanted.Slot}");
                    SetStatus("connected");
                    break;
                case "refused":
                    core.Log("ERROR", $"The WhatsApp service refused the connection: {frame.Reason}");
                    return Durations.ReconnectAfterRefusal;
                case "replaced":
                    Kicked = frame.SameClient != true;
                    core.Log("ERROR", $"Disconnected: replaced by {frame.Reason}");
                    return Durations.Reconnect;
                default:
                    await Received(frame, cancellationToken);
                    break;
            }
        }

        core.Log("WARN", "The connection to the WhatsApp service was lost");
        return Durations.Reconnect;
    }

    private void SetStatus(string status)
    {
        if (Status != status)
        {
            Status = status;
            Changed();
        }
    }
}
