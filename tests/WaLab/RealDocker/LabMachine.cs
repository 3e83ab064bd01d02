using System.Globalization;
using System.Net;
using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// A machine inside this machine: network, processes, mounts, host name and <c>/run</c> of its own, on the lab's network.
/// All of it hangs on its first process, so that one kill by the kernel takes everything with it: dockerd, containerd,
/// containers, interfaces, mounts. Its files stay until it is disposed, as a disk does when the power goes.
/// </summary>
public sealed class LabMachine : IAsyncDisposable
{
    /// <summary>Shell: removes the control groups below $1.</summary>
    internal const string RemoveGroups =
        """find /sys/fs/cgroup -depth -type d \( -path "*/$1" -o -path "*/$1/*" \) -exec rmdir {} \; 2>/dev/null || true""";

    // $1: folder; $2: control group; $3: host name. The network, process … namespaces are made here, once a boot.
    private const string Outer = $$"""
        folder=$1 group=$2 name=$3
        unshare --net --mount --uts --ipc --pid --fork --kill-child --propagation private -- \
            bash "$folder/init.sh" "$folder" "$name" 2>>"$folder/init.log"
        set -- "$group"
        {{RemoveGroups}}
        [ -e "$folder/keep" ] || rm -rf -- "$folder"
        """;

    // The first process of the machine. /proc is read before it is replaced: it still tells our number outside.
    private const string Init = """
        folder=$1
        read -r outer _ </proc/self/stat
        set -e
        mount -t proc proc /proc
        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir -p /run/lock /run/sshd
        echo "$2" >/proc/sys/kernel/hostname
        ip link set lo up
        set +e
        declare -A pids
        echo "ok $outer"
        while read -r verb what rest; do
            case $verb in
                address)
                    ip addr add "$what" dev eth0 && ip link set eth0 up && ip route add default via "$rest" \
                        && echo ok || echo "failed: address $what" ;;
                start)
                    setsid sh "$folder/$what.sh" </dev/null >>"$folder/$what.log" 2>&1 &
                    pids[$what]=$!
                    echo ok ;;
                signal)
                    kill -s "$rest" "${pids[$what]}" 2>/dev/null && echo ok || echo "failed: $what does not run" ;;
                state)
                    kill -0 "${pids[$what]}" 2>/dev/null && echo "ok running" || echo "ok ended" ;;
                wait)
                    wait "${pids[$what]}" 2>/dev/null
                    echo "ok $?" ;;
                *)
                    echo "failed: $verb" ;;
            esac
        done
        """;

    private readonly LabNetwork _network;
    private readonly int _number;
    private WatchedShell? _shell;

    private LabMachine(LabNetwork network, int number, string folder)
    {
        _network = network;
        _number = number;
        Folder = folder;
    }

    /// <summary>Its address on the lab's network; published ports are reached there.</summary>
    public IPAddress Address => _network.HostAddress(_number);

    /// <summary>Its host name.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{_network.Bridge}h{_number}");

    /// <summary>Its disk.</summary>
    public string Folder { get; }

    /// <summary>True while its power is on.</summary>
    public bool IsOn => _shell is { IsRunning: true };

    /// <summary>Its first process, as this machine numbers it: <c>nsenter -a -t</c> enters by it.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The control group below which its containers are.</summary>
    internal string ControlGroup => Name;

    internal int Number => _number;

    internal LabNetwork Network => _network;

    /// <summary>Makes a machine and turns it on. Machines of a network count from 1.</summary>
    public static async Task<LabMachine> StartAsync(LabNetwork network, int number, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNotEqual(number is >= 1 and <= 200, true);
        var folder = LabFolders.CreateRuntime("dk");
        LabFolders.SetMode(folder, LabFolders.Passable);
        var machine = new LabMachine(network, number, folder);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "init.sh"), Init, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, AbandonedMachines.GroupFile), machine.ControlGroup, cancellationToken);
            await machine.PowerOnAsync(cancellationToken);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Turns it on: nothing runs on it yet, its disk is as it was, its address is the same.</summary>
    public async Task PowerOnAsync(CancellationToken cancellationToken = default)
    {
        if (IsOn)
        {
            return;
        }

        File.Delete(Path.Combine(Folder, "keep"));
        var (shell, answer) = await WatchedShell.StartAsync(Name, Outer, [Folder, ControlGroup, Name], cancellationToken);
        _shell = shell;
        ProcessId = int.Parse(answer, CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(Folder, AbandonedMachines.ProcessFile), answer, cancellationToken);
        await PlugInAsync(cancellationToken);
        await shell.AskAsync($"address {Address}/24 {_network.Gateway}", cancellationToken);
    }

    /// <summary>The power goes: every process ends at once, nothing is finished, nothing is told. The disk stays.</summary>
    public async Task PowerOffAsync()
    {
        if (_shell is not { } shell)
        {
            return;
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "keep"), string.Empty);
        _shell = null;
        await shell.DisposeAsync();
    }

    /// <summary>Pulls its network cable: it runs on, and nobody reaches it.</summary>
    public Task UnplugAsync(CancellationToken cancellationToken = default) =>
        LabCommand.RunAsync("ip", ["link", "set", Name, "down"], cancellationToken: cancellationToken);

    /// <summary>Puts the cable back.</summary>
    public Task ReplugAsync(CancellationToken cancellationToken = default) =>
        LabCommand.RunAsync("ip", ["link", "set", Name, "up"], cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_shell is { } shell)
        {
            _shell = null;
            await shell.DisposeAsync();
        }
        else if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Runs a program on the machine until it ends or is signalled; its output is in <c>name.log</c>.</summary>
    internal async Task StartAsync(string name, IEnumerable<string> command, CancellationToken cancellationToken)
    {
        var line = "exec " + string.Join(' ', command.Select(Quote)) + "\n";
        await File.WriteAllTextAsync(Path.Combine(Folder, name + ".sh"), line, cancellationToken);
        await Shell.AskAsync("start " + name, cancellationToken);
    }

    internal Task SignalAsync(string name, string signal, CancellationToken cancellationToken) =>
        Shell.AskAsync($"signal {name} {signal}", cancellationToken);

    internal async Task<bool> IsRunningAsync(string name, CancellationToken cancellationToken) =>
        IsOn && await Shell.AskAsync("state " + name, cancellationToken) == "running";

    internal async Task<int> WaitAsync(string name, CancellationToken cancellationToken) =>
        int.Parse(await Shell.AskAsync("wait " + name, cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>The last lines that a program of the machine said.</summary>
    internal async Task<string> LogAsync(string name, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Folder, name + ".log");
        return File.Exists(file)
            ? string.Join(" | ", (await File.ReadAllLinesAsync(file, cancellationToken)).TakeLast(6))
            : string.Empty;
    }

    /// <summary>Words for a shell, each taken as it is.</summary>
    private static string Quote(string argument) => "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private WatchedShell Shell => _shell ?? throw new InvalidOperationException($"{Name} is turned off.");

    private async Task PlugInAsync(CancellationToken cancellationToken)
    {
        string[] cable =
        [
            "link", "add", Name, "type", "veth", "peer", "name", "eth0", "netns", ProcessId.ToString(CultureInfo.InvariantCulture),
        ];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await LabCommand.RunAsync("ip", cable, cancellationToken: cancellationToken);
                break;
            }
            catch (InvalidOperationException failed)
                when (attempt < 100 && failed.Message.Contains("File exists", StringComparison.Ordinal))
            {
                // The kernel takes its time to remove the cable of the machine's last life.
                await Task.Delay(50, cancellationToken);
            }
        }

        await LabCommand.RunAsync("ip", ["link", "set", Name, "master", _network.Bridge, "up"], cancellationToken: cancellationToken);
    }
}
