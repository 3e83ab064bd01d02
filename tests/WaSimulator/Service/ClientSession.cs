using System.Threading.Channels;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>One connection of one node, from its first frame on. Frames go out in order.</summary>
internal sealed class ClientSession(SocketLink link, Frame hello, DateTimeOffset since)
{
    private readonly Channel<Frame?> outgoing = Channel.CreateUnbounded<Frame?>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Client { get; } = hello.Client ?? "";

    public string Node { get; } = hello.Node ?? "";

    public string Slot { get; } = hello.Slot ?? "";

    public string IdentityKey { get; } = hello.IdentityKey ?? "";

    public IReadOnlyList<string> Nodes { get; } = hello.Nodes ?? [];

    public int Shards { get; } = hello.Shards ?? 1;

    public DateTimeOffset Since { get; } = since;

    /// <summary>Completes when the connection is no more.</summary>
    public Task Left => left.Task;

    public void Leave() => left.TrySetResult();

    /// <summary>Queues a frame; nothing is sent to a session that ends.</summary>
    public void Send(Frame frame) => outgoing.Writer.TryWrite(frame);

    /// <summary>Sends what is queued, then closes.</summary>
    public void End() => outgoing.Writer.TryWrite(null);

    /// <summary>Writes until the session ends or the other side has gone; the reader of the link sees the same and cleans up.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                if (frame is null)
                {
                    await link.CloseAsync("ended by the service", cancellationToken);
                    return;
                }

                await link.SendAsync(frame, cancellationToken);
            }
        }
        catch (Exception problem) when (SocketLink.IsGone(problem))
        {
            link.Abort();
        }
    }
}
