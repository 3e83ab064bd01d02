using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaLab.Servers;

namespace WaLab.Net;

/// <summary>
/// Loopback ports that stay reserved before anything listens on them (a client that is installed later), against other
/// labs in this and other processes. They lie below the range that the system hands out by itself.
/// </summary>
public sealed class LabPorts : IDisposable
{
    private const int First = 15_000;
    private const int Last = 30_000;
    private readonly List<FileStream> _reservations = [];

    /// <summary>Reserves a port until this object is disposed.</summary>
    public int Reserve() => Reserve(1)[0];

    /// <summary>Reserves ports that follow each other.</summary>
    public IReadOnlyList<int> Reserve(int count)
    {
        var folder = Directory.CreateDirectory(Path.Combine(LabFolders.Runtime, "ports")).FullName;
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var first = Random.Shared.Next(First, Last);
            var taken = new List<FileStream>();
            for (var port = first; port < first + count && TryReserve(folder, port) is { } reservation; port++)
            {
                taken.Add(reservation);
            }

            if (taken.Count == count && Enumerable.Range(first, count).All(IsFree))
            {
                _reservations.AddRange(taken);
                return [.. Enumerable.Range(first, count)];
            }

            taken.ForEach(reservation => reservation.Dispose());
        }

        throw new InvalidOperationException("No free port on loopback.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reservation in _reservations)
        {
            reservation.Dispose();
        }

        _reservations.Clear();
    }

    private static FileStream? TryReserve(string folder, int port)
    {
        try
        {
            // The lock ends with the process, whatever becomes of it.
            return new FileStream(
                Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)),
                new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose });
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
