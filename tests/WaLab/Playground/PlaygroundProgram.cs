using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaLab.Servers;

namespace WaLab.Playground;

/// <summary>The program: a lab that stays up for whoever wants to try something. Standard output is for its answer alone.</summary>
internal static class PlaygroundProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            var options = PlaygroundOptions.Parse(arguments);
            switch (options.Command)
            {
                case "up":
                    return await UpAsync(options);
                case "down":
                    return await DownAsync();
                case "--version":
                    Console.WriteLine(typeof(Lab).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
                    return 0;
                case "--help" or "-h" or "help":
                    Console.WriteLine(PlaygroundOptions.Usage);
                    return 0;
                default:
                    throw new ArgumentException($"Unknown command {options.Command}.");
            }
        }
        catch (ArgumentException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            await Console.Error.WriteLineAsync(PlaygroundOptions.Usage);
            return 2;
        }
        catch (LabServerMissingException missing)
        {
            await Console.Error.WriteLineAsync(missing.Message);
            return 1;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // Everything that was started has ended by now; what is left is to say why.
            await Console.Error.WriteLineAsync(problem.ToString());
            return 1;
        }
    }

    private static async Task<int> DownAsync()
    {
        var ended = await RunningPlaygrounds.EndAllAsync(Say);
        Say(ended switch
        {
            0 => "No playground runs.",
            1 => "The playground has ended.",
            _ => $"{ended} playgrounds have ended.",
        });
        return 0;
    }

    private static async Task<int> UpAsync(PlaygroundOptions options)
    {
        using var end = new EndRequest(options.IgnoreInput);
        try
        {
            var (ground, reason) = await GroundAsync(options, end.Token);
            Say($"Docker hosts: {reason}");

            // A server of its own: what ends with the playground has ended when its process has.
            await using var server = ground is null ? await LabDatabaseServers.StartAsync(options.Engine, Say, network: null, end.Token) : null;
            await using var lab = await Lab.StartAsync(
                new LabOptions
                {
                    Hosts = ground is null ? LabHosts.Embedded : options.Hosts == 2 ? LabHosts.RealTwo : LabHosts.RealOne,
                    Ground = ground,
                    OwnsGround = true,
                    DatabaseEngine = options.Engine,
                    DatabaseServer = server,
                    Topology = options.Topology,
                    NewInstalled = options.NewInstalled,
                    Scale = options.Scale,
                    DockerTransport = options.Transport,
                    ClientVersion = options.ClientVersion,
                    Seed = new LabSeed(Sent: options.Messages),
                    Log = Say,
                },
                end.Token);
            await RunAsync(lab, options, reason, end);
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            Say("ended before it was up");
        }

        Say("down");
        return 0;
    }

    /// <summary>Real Docker hosts where they are wanted and can be had, else null; and the words for it.</summary>
    private static async Task<(RealGround? Ground, string Reason)> GroundAsync(PlaygroundOptions options, CancellationToken cancellationToken)
    {
        if (options.Docker == "embedded")
        {
            return (null, "embedded, as asked for");
        }

        try
        {
            var ground = await RealGround.StartAsync(2 * options.Hosts, Say, cancellationToken);
            return (ground, $"{ground.Hosts.Engines.Count} real ones, each on a machine of its own inside this one");
        }
        catch (Exception missing) when (options is { Docker: "auto", Hosts: 1 } && missing is LabServerMissingException or InvalidOperationException)
        {
            return (null, "embedded, since real ones cannot be had: " + missing.Message);
        }
    }

    private static async Task RunAsync(Lab lab, PlaygroundOptions options, string reason, EndRequest end)
    {
        var socket = Path.Combine(lab.Folder, "control.sock");
        var caPath = Path.Combine(lab.Folder, "webhook-ca.pem");
        await File.WriteAllTextAsync(caPath, lab.Webhook.CaPem, end.Token);
        await using var control = await PlaygroundControl.StartAsync(lab, socket, end.Token);
        var description = await PlaygroundDescription.CreateAsync(lab, (lab.Options.Hosts == LabHosts.Embedded ? "embedded" : "real", reason), control.Address, caPath, end.Token);
        using var registration = RunningPlaygrounds.Register(socket);
        if (options.Json)
        {
            Console.WriteLine(description.ToJsonString());
        }
        else
        {
            WriteTable(description, "");
        }

        await Console.Out.FlushAsync(end.Token);
        Say("up");
        await Task.WhenAny(end.Requested, control.Down);
        Say("going down");
    }

    private static void WriteTable(JsonObject branch, string indent)
    {
        foreach (var (name, value) in branch)
        {
            if (value is JsonObject inner)
            {
                Console.WriteLine(indent + name);
                WriteTable(inner, indent + "  ");
            }
            else
            {
                var text = value is JsonValue one && one.GetValueKind() == JsonValueKind.String ? one.GetValue<string>() : value?.ToJsonString() ?? "-";
                Console.WriteLine($"{indent}{name,-22} {text}");
            }
        }
    }

    private static void Say(string text) => Console.Error.WriteLine("lab: " + text);

    /// <summary>The end of standard input, or a signal.</summary>
    private sealed class EndRequest : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<PosixSignalRegistration> _signals = [];

        public EndRequest(bool ignoreInput)
        {
            foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            {
                _signals.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    Request();
                }));
            }

            if (!ignoreInput)
            {
                // A thread of its own: reading a console or pipe cannot be cancelled, and must not hold a pool thread.
                new Thread(WaitForEndOfInput) { IsBackground = true, Name = "standard input" }.Start();
            }
        }

        public Task Requested => _requested.Task;

        public CancellationToken Token => _cancellation.Token;

        public void Dispose()
        {
            _signals.ForEach(signal => signal.Dispose());
            _cancellation.Dispose();
        }

        private void WaitForEndOfInput()
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[256];
            while (input.Read(buffer) > 0)
            {
                // What is typed has no meaning; only the end has.
            }

            Request();
        }

        private void Request()
        {
            _requested.TrySetResult();
            try
            {
                _cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended already.
            }
        }
    }
}
