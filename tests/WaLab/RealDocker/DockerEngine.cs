using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace WaLab.RealDocker;

/// <summary>
/// A real Docker engine on a machine of its own, reached by unix socket, TCP with TLS, and ssh. It can be stopped, killed
/// and started again like the engine of any host; nothing outside its machine is touched.
/// </summary>
public sealed class DockerEngine : IAsyncDisposable
{
    internal const string DataFolderName = "data";
    private const string Program = "dockerd";
    private readonly DockerHostKeys _keys;

    private DockerEngine(LabMachine machine, DockerHostKeys keys)
    {
        Machine = machine;
        _keys = keys;
        Api = new DockerApiClient(SocketPath);
    }

    /// <summary>The machine it runs on.</summary>
    public LabMachine Machine { get; }

    /// <summary>The host name of its machine.</summary>
    public string Name => Machine.Name;

    /// <summary>The address of its machine: published ports are reached there, from this machine and from all containers.</summary>
    public IPAddress Address => Machine.Address;

    /// <summary>By unix socket, on this machine.</summary>
    public Uri UnixAddress => new("unix://" + SocketPath);

    /// <summary>By TCP with TLS: see <see cref="CertificateFolder"/>.</summary>
    public Uri TcpAddress => new($"tcp://{Address}:2376");

    /// <summary>By ssh: needs <see cref="StartSshAsync"/>, and the ssh of <see cref="RealDockerHosts.SshFolder"/> on PATH.</summary>
    public Uri SshAddress => new($"ssh://root@{Address}");

    /// <summary>The client's ca.pem, cert.pem and key.pem, as Docker's own client takes them by DOCKER_CERT_PATH.</summary>
    public string CertificateFolder => _keys.ClientFolder;

    /// <summary>A small client for the lab's own use.</summary>
    public DockerApiClient Api { get; }

    /// <summary>Its images, containers and volumes.</summary>
    internal string DataFolder => Path.Combine(Machine.Folder, DataFolderName);

    private string SocketPath => Path.Combine(Machine.Folder, "docker.sock");

    private string PemFolder => Path.Combine(Machine.Folder, "tls");

    /// <summary>Starts an engine on that machine.</summary>
    internal static async Task<DockerEngine> StartAsync(
        LabMachine machine, DockerHostKeys keys, CancellationToken cancellationToken)
    {
        var engine = new DockerEngine(machine, keys);
        await keys.WriteServerAsync(machine, engine.PemFolder, cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(machine.Folder, "daemon.json"), engine.Settings().ToJsonString(), cancellationToken);
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>
    /// Starts the engine (again), its machine too if that is off, and waits until it answers. Containers with a restart
    /// policy come back, as on any host.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await Machine.PowerOnAsync(cancellationToken);

        // What an engine that was killed leaves behind; on a machine that was turned off /run is empty anyway.
        File.Delete(SocketPath);
        string[] command =
        [
            "sh", "-c", "rm -f /run/docker.pid; exec " + Program + " --config-file \"$1\"", "sh", Path.Combine(Machine.Folder, "daemon.json"),
        ];
        await Machine.StartAsync(Program, command, cancellationToken);
        for (var waited = 0; waited < 6000; waited++)
        {
            if (await Api.PingAsync(cancellationToken))
            {
                return;
            }

            if (waited % 20 == 19 && !await Machine.IsRunningAsync(Program, cancellationToken))
            {
                break;
            }

            await Task.Delay(10, cancellationToken);
        }

        throw new InvalidOperationException($"dockerd on {Name} did not start: {await Machine.LogAsync(Program, cancellationToken)}");
    }

    /// <summary>Stops the engine in good order, and its containers with it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await Machine.SignalAsync(Program, "TERM", cancellationToken);
        await Machine.WaitAsync(Program, cancellationToken);
    }

    /// <summary>Kills the engine alone; its containers run on, as they do when dockerd crashes.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        await Machine.SignalAsync(Program, "KILL", cancellationToken);
        await Machine.WaitAsync(Program, cancellationToken);
    }

    /// <summary>Starts an ssh server on its machine that lets the lab's key reach this engine, and nothing else.</summary>
    public async Task StartSshAsync(Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        var server = await SshPrograms.EnsureAsync(log ?? (_ => { }), cancellationToken);
        await _keys.Ssh.StartServerAsync(server, Machine, cancellationToken);
        for (var waited = 0; waited < 500; waited++)
        {
            if (await AnswersAsync(22, cancellationToken))
            {
                return;
            }

            await Task.Delay(10, cancellationToken);
        }

        throw new InvalidOperationException($"sshd on {Name} did not start: {await Machine.LogAsync(SshKeys.Program, cancellationToken)}");
    }

    /// <summary>Everything of it goes: containers, images, volumes, machine.</summary>
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Machine.DisposeAsync();
    }

    private JsonObject Settings()
    {
        // Networks of containers are hidden behind their host's address, as everywhere. They are told apart here all
        // the same, so that a log says which host a container was on.
        var second = 220 + (Machine.Number % 30);
        return new JsonObject
        {
            ["hosts"] = new JsonArray($"unix://{SocketPath}", "unix:///run/docker.sock", TcpAddress.ToString().TrimEnd('/')),
            ["data-root"] = DataFolder,
            ["deprecated-key-path"] = Path.Combine(Machine.Folder, "key.json"),
            ["tls"] = true,
            ["tlsverify"] = true,
            ["tlscacert"] = Path.Combine(PemFolder, "ca.pem"),
            ["tlscert"] = Path.Combine(PemFolder, "cert.pem"),
            ["tlskey"] = Path.Combine(PemFolder, "key.pem"),
            ["bip"] = string.Create(CultureInfo.InvariantCulture, $"10.{second}.0.1/24"),
            ["default-address-pools"] = new JsonArray(new JsonObject
            {
                ["base"] = string.Create(CultureInfo.InvariantCulture, $"10.{second}.128.0/17"),
                ["size"] = 24,
            }),
            ["dns"] = new JsonArray(Machine.Network.Gateway.ToString()),
            ["exec-opts"] = new JsonArray("native.cgroupdriver=cgroupfs"),
            ["cgroup-parent"] = "/" + Machine.ControlGroup,
            ["shutdown-timeout"] = 10,
            ["max-concurrent-downloads"] = 2,
        };
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
