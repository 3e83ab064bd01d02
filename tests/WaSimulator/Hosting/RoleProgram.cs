using System.Collections;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using WaSimulator.DockerApi;
using WaSimulator.Service;

namespace WaSimulator.Hosting;

/// <summary>The roles as processes of their own: service, coreapp, master, webapp.</summary>
internal static class RoleProgram
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments.FirstOrDefault())
        {
            case "service":
                return await ServiceAsync(arguments);
            case "coreapp":
                return await NodeAsync(Variable("WA_MASTER_NODE") == "1" ? NodeRole.Master : NodeRole.Coreapp);
            case "master":
                return await NodeAsync(NodeRole.Master);
            case "webapp" or "web":
                return await NodeAsync(NodeRole.Webapp);
            case "dockerapi":
                return await DockerApiProgram.RunAsync(arguments);
            default:
                await Console.Error.WriteLineAsync($"Usage: WaSimulator service [address:port] | coreapp | master | webapp | {DockerApiProgram.Usage}");
                return 2;
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private static async Task<int> ServiceAsync(string[] arguments)
    {
        var endPoint = IPEndPoint.Parse(arguments.ElementAtOrDefault(1) ?? "127.0.0.1:8222");
        var scale = double.Parse(Variable("WA_SIM_SCALE") ?? "1", CultureInfo.InvariantCulture);
        using var stop = new Termination();
        await using var service = await WhatsAppService.StartAsync([endPoint], scale, TimeProvider.System, Console.WriteLine);
        Console.WriteLine($"service at {service.Address}");
        await stop.Requested;
        return 0;
    }

    private static async Task<int> NodeAsync(NodeRole role)
    {
        using var stop = new Termination();
        var hostname = Dns.GetHostName();
        await using var node = SimNodes.Create(
            new NodeSpec(
                role,
                Variable("WA_SIM_CONTAINER_ID") is { Length: > 0 } id ? id : ContainerId(hostname),
                hostname,
                Variable("WA_API_VERSION") ?? "2.53.1",
                Environment.GetEnvironmentVariables()
                    .Cast<DictionaryEntry>()
                    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
                new Dictionary<int, IPEndPoint>())
            {
                Folders = new Dictionary<string, string> { [ContainerFiles.MediaFolder] = ContainerFiles.MediaFolder },
            },
            new HostNetwork(),
            TimeProvider.System,
            Console.WriteLine,
            new DiskFiles());
        await node.StartAsync(CancellationToken.None);
        if (await Task.WhenAny(node.Exited, stop.Requested) != node.Exited)
        {
            await node.StopAsync(Grace);
        }

        return await node.Exited;
    }

    /// <summary>A container's host name is the beginning of its id unless it was set; then an id is made of it.</summary>
    private static string ContainerId(string hostname) =>
        hostname.Length == 12 && hostname.All(char.IsAsciiHexDigitLower)
            ? hostname
            : Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hostname)));

    private sealed class Termination : IDisposable
    {
        private readonly TaskCompletionSource requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PosixSignalRegistration[] registrations;

        public Termination()
        {
            registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
                PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            ];
        }

        public Task Requested => requested.Task;

        public void Dispose()
        {
            foreach (var registration in registrations)
            {
                registration.Dispose();
            }
        }

        private void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            requested.TrySetResult();
        }
    }
}
