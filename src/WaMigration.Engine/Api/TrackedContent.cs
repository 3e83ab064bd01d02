using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WaMigration.Api;

/// <summary>A request body that knows whether it began to leave: only then can the other side have taken it.</summary>
internal sealed class TrackedContent : HttpContent
{
    private readonly byte[] bytes;
    private int started;

    internal TrackedContent(string text, string mediaType)
    {
        bytes = Encoding.UTF8.GetBytes(text);
        Headers.ContentType = new MediaTypeHeaderValue(mediaType) { CharSet = mediaType.StartsWith("text/", StringComparison.Ordinal) ? "utf-8" : null };
    }

    internal bool HasStarted => Volatile.Read(ref started) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Interlocked.Exchange(ref started, 1);
        return stream.WriteAsync(bytes, 0, bytes.Length);
    }

#if NET
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref started, 1);
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
