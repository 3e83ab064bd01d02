using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// The cable between the lab's Docker hosts and this machine: a bridge with addresses of its own. What containers on any
/// host must reach (database servers, the simulated service, the webhook receiver) listens on <see cref="Gateway"/>
/// besides loopback. No traffic leaves the machine.
/// </summary>
public sealed class LabNetwork : IAsyncDisposable
{
    private const int Numbers = 250;

    // $1: bridge; $2: folder. Links of hosts that are still there go with their own namespaces.
    private const string Script = """
        echo ok
        while read -r line; do echo ok; done
        ip link del "$1" 2>/dev/null
        rm -rf -- "$2"
        """;

    private readonly WatchedShell _watchdog;

    private LabNetwork(WatchedShell watchdog, int number, string folder)
    {
        _watchdog = watchdog;
        Number = number;
        Folder = folder;
    }

    /// <summary>This machine's address on the bridge: what containers call the machine that runs the lab.</summary>
    public IPAddress Gateway => AddressOf(Number, 1);

    /// <summary>The whole network, for access lists: <c>10.213.7.0/24</c>.</summary>
    public string Subnet => string.Create(CultureInfo.InvariantCulture, $"10.213.{Number}.0/24");

    /// <summary>What a server is told so that it listens here too.</summary>
    public ServerNetwork ForServers => new(Gateway, Subnet);

    /// <summary>The bridge's name.</summary>
    public string Bridge => BridgeOf(Number);

    /// <summary>Keys, certificates and ssh settings of this network; removed with it.</summary>
    internal string Folder { get; }

    internal int Number { get; }

    /// <summary>Lays a network whose number is free on this machine.</summary>
    public static async Task<LabNetwork> StartAsync(CancellationToken cancellationToken = default)
    {
        await AbandonedMachines.RemoveAsync(cancellationToken);
        var folder = LabFolders.CreateRuntime("net");
        LabFolders.SetMode(folder, LabFolders.Passable);
        for (var attempt = 0; attempt < Numbers; attempt++)
        {
            var number = 1 + ((Environment.ProcessId + attempt) % Numbers);
            if (IsInUse(number) || !await TryAddBridgeAsync(number, cancellationToken))
            {
                continue;
            }

            var bridge = BridgeOf(number);
            await File.WriteAllTextAsync(Path.Combine(folder, AbandonedMachines.BridgeFile), bridge, cancellationToken);
            var (watchdog, _) = await WatchedShell.StartAsync("walab-network", Script, [bridge, folder], cancellationToken);
            var network = new LabNetwork(watchdog, number, folder);
            try
            {
                await LabCommand.RunAsync("ip", ["addr", "add", network.Gateway + "/24", "dev", bridge], cancellationToken: cancellationToken);
                await LabCommand.RunAsync("ip", ["link", "set", bridge, "up"], cancellationToken: cancellationToken);
                return network;
            }
            catch
            {
                await network.DisposeAsync();
                throw;
            }
        }

        Directory.Delete(folder, recursive: true);
        throw new InvalidOperationException("All networks 10.213.1-250.0/24 are in use on this machine.");
    }

    /// <summary>The address of a host on this network; hosts count from 1.</summary>
    public IPAddress HostAddress(int host) => AddressOf(Number, host + 1);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watchdog.DisposeAsync();

    private static string BridgeOf(int number) => string.Create(CultureInfo.InvariantCulture, $"walab{number}");

    private static IPAddress AddressOf(int network, int last) => new([10, 213, (byte)network, (byte)last]);

    private static bool IsInUse(int number)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"10.213.{number}.");
        return NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .Any(address => address.Address.ToString().StartsWith(prefix, StringComparison.Ordinal));
    }

    private static async Task<bool> TryAddBridgeAsync(int number, CancellationToken cancellationToken)
    {
        try
        {
            await LabCommand.RunAsync("ip", ["link", "add", BridgeOf(number), "type", "bridge"], cancellationToken: cancellationToken);
            return true;
        }
        catch (InvalidOperationException failed) when (failed.Message.Contains("File exists", StringComparison.Ordinal))
        {
            // Another lab was faster: the kernel decides, no lock is needed.
            return false;
        }
    }
}
