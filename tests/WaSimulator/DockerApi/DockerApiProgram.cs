using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>The role dockerapi: an embedded Docker host as a process of its own.</summary>
internal static class DockerApiProgram
{
    public const string Usage = "dockerapi unix:/path | address:port [client version …]";

    /// <summary>
    /// The images carry this process's own WA_SIM_* variables, so that <c>WA_SIM_SERVICE</c> and the others are given as to
    /// the other roles.
    /// </summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var address = arguments.ElementAtOrDefault(1) ?? "127.0.0.1:2375";
        var unix = address.StartsWith("unix:", StringComparison.Ordinal) ? address[5..] : null;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await using var host = await EmbeddedDockerHost.StartAsync(new EmbeddedDockerHostOptions
        {
            Name = Dns.GetHostName(),
            UnixSocket = unix,
            Tcp = unix is null ? IPEndPoint.Parse(address) : null,
            NodeFactory = SimNodes.Create,
        });
        var variables = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("WA_SIM_", StringComparison.Ordinal))
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name) ?? "");
        foreach (var version in arguments.Skip(2).DefaultIfEmpty("2.53.1"))
        {
            foreach (var image in DockerImage.Vendor(version, DateOnly.FromDateTime(DateTime.UtcNow.AddDays(180)), variables))
            {
                host.Images.Add(image);
                host.Images.AddToRegistry(image);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"dockerapi at {host.Address}"));
        await ended.Task;
        return 0;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.TrySetResult();
        }
    }
}
