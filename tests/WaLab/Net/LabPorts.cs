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
    public int Reserve()
    {
        var folder = Directory.CreateDirectory(Path.Combine(LabFolders.Runtime, "ports")).FullName;
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryReserve(folder, port) is { } reservation)
            {
                if (IsFree(port))
                {
                    _reservations.Add(reservation);
                    return port;
                }

                reservation.Dispose();
            }
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
