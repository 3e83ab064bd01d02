using System.Net.WebSockets;
using System.Text.Json;
using WaSimulator.Api;

namespace WaSimulator.Protocol;

/// <summary>Frames over a WebSocket; sending is safe from several tasks.</summary>
internal sealed class SocketLink(WebSocket socket) : IDisposable
{
    private readonly SemaphoreSlim sending = new(1, 1);

    /// <summary>What a send or receive throws when the connection is no more.</summary>
    public static bool IsGone(Exception problem) =>
        problem is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException;

    public async Task SendAsync(Frame frame, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(frame, ApiJson.Options);
        await sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>The next frame; null when the other side has gone.</summary>
    public async Task<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            }
            catch (Exception problem) when (!cancellationToken.IsCancellationRequested && IsGone(problem))
            {
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonSerializer.Deserialize<Frame>(whole.ToArray(), ApiJson.Options);
            }
        }
    }

    /// <summary>Says goodbye if the other side still listens.</summary>
    public async Task CloseAsync(string reason, CancellationToken cancellationToken)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, reason, cancellationToken);
            }
        }
        catch (Exception problem) when (IsGone(problem))
        {
            socket.Abort();
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose()
    {
        socket.Dispose();
        sending.Dispose();
    }
}
