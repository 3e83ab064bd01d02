using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>
/// The long-lived connections. One client a number: the nodes of another one that connects take the place of all
/// nodes of the first. One node a slot: within a client the later connection stays.
/// </summary>
internal sealed class ConnectionHub(ServiceState state, Delivery delivery)
{
    public async Task ServeAsync(HttpContext context, CancellationToken stopping)
    {
        using var link = new SocketLink(await context.WebSockets.AcceptWebSocketAsync());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        var first = await link.ReceiveAsync(ending.Token);
        if (first is null)
        {
            return;
        }

        var session = new ClientSession(link, first, state.Clock.Now);
        var writing = session.WriteAsync(ending.Token);
        try
        {
            await (first.Type switch
            {
                "lobby" => LobbyAsync(link, session, ending.Token),
                "hello" => NumberAsync(link, session, first, ending.Token),
                _ => Task.CompletedTask,
            });
        }
        finally
        {
            session.Leave();
            session.End();
            await ending.CancelAsync();
            link.Abort();
            await writing;
        }
    }

    /// <summary>Ends every connection of a number.</summary>
    public void Drop(NumberRecord number, string reason)
    {
        lock (state.Gate)
        {
            foreach (var session in number.Sessions.Values)
            {
                session.Send(new Frame { Type = "refused", Reason = reason });
                session.End();
            }
        }
    }

    private static bool Knows(NumberRecord number, string? secret) =>
        secret is not null &&
        CryptographicOperations.FixedTimeEquals(number.SecretHash, SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private async Task LobbyAsync(SocketLink link, ClientSession session, CancellationToken cancellationToken)
    {
        lock (state.Gate)
        {
            state.Lobby.Add(session);
            state.LobbyChanged.TrySetResult();
            state.LobbyChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            while (await link.ReceiveAsync(cancellationToken) is not null)
            {
                // A client in the lobby only listens; what it sends has no meaning yet.
            }
        }
        finally
        {
            lock (state.Gate)
            {
                state.Lobby.Remove(session);
            }
        }
    }

    private async Task NumberAsync(SocketLink link, ClientSession session, Frame hello, CancellationToken cancellationToken)
    {
        var number = Admit(session, hello);
        if (number is null)
        {
            session.End();
            await link.ReceiveAsync(cancellationToken);
            return;
        }

        try
        {
            while (await link.ReceiveAsync(cancellationToken) is { } frame)
            {
                if (frame.Type == "message")
                {
                    delivery.Take(number, session, frame);
                }
                else if (frame is { Type: "ack", Sequence: { } sequence })
                {
                    delivery.Acknowledge(number, sequence);
                }
            }
        }
        finally
        {
            Leave(number, session);
        }
    }

    private NumberRecord? Admit(ClientSession session, Frame hello)
    {
        lock (state.Gate)
        {
            if (!state.Numbers.TryGetValue(hello.Number ?? "", out var number) || !number.Registered || !Knows(number, hello.Secret))
            {
                session.Send(new Frame { Type = "refused", Reason = "not registered" });
                state.Write(LogKinds.Refused, hello.Number, session, "not registered");
                return null;
            }

            if (number.Client is { } earlier && earlier != session.Client)
            {
                foreach (var other in number.Sessions.Values)
                {
                    number.Kicks++;
                    Replace(number, other, session, sameClient: false);
                }

                number.Sessions.Clear();
            }

            number.Client = session.Client;
            if (number.Sessions.TryGetValue(session.Slot, out var before))
            {
                Replace(number, before, session, sameClient: true);
            }

            number.Sessions[session.Slot] = session;
            session.Send(new Frame { Type = "welcome", Number = number.Number });
            state.Write(LogKinds.Connected, number.Number, session, session.Slot, hello.DurationMs);
            Delivery.Flush(number, session);
            return number;
        }
    }

    private void Replace(NumberRecord number, ClientSession old, ClientSession by, bool sameClient)
    {
        old.Send(new Frame { Type = "replaced", Reason = $"{by.Client} {by.Node}", SameClient = sameClient });
        old.End();
        state.Write(sameClient ? LogKinds.Disconnected : LogKinds.Kicked, number.Number, old, $"{old.Slot} replaced by {by.Client} {by.Node}");
    }

    private void Leave(NumberRecord number, ClientSession session)
    {
        lock (state.Gate)
        {
            if (number.Sessions.TryGetValue(session.Slot, out var current) && ReferenceEquals(current, session))
            {
                number.Sessions.Remove(session.Slot);
                state.Write(
                    LogKinds.Disconnected,
                    number.Number,
                    session,
                    session.Slot,
                    (state.Clock.Now - session.Since).TotalMilliseconds);
            }
        }
    }
}
