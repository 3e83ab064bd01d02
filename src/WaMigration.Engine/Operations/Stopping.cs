using System.Data.Common;
using System.Net.Sockets;

namespace WaMigration;

/// <summary>Tells work to stop.</summary>
internal static class Stopping
{
    /// <summary>
    /// Tells all who listen. Drivers of databases listen too, and one whose server is gone throws where it only asks for the
    /// address of its session, or finds no session any more where it just saw one. Nothing is lost with that: the session's own
    /// work fails by what happened to it.
    /// </summary>
    internal static void Stop(this CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException told) when (told.Flatten().InnerExceptions.All(inner => inner is SocketException or IOException or ObjectDisposedException or DbException or NullReferenceException))
        {
            _ = told;
        }
    }
}
