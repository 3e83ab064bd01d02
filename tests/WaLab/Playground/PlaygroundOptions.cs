using System.Globalization;
using WaLab.Servers;

namespace WaLab.Playground;

/// <summary>What the command line asked for.</summary>
internal sealed class PlaygroundOptions
{
    public const string Usage = """
        Usage: WaLab up [options]     starts an old and a new setup and keeps them until standard input closes or "down"
               WaLab down             ends the playgrounds that this user has running
               WaLab --version | --help

        Options of up:
          --json                       print one JSON line with everything needed to use it
          --masters N --coreapps N --shards N --webapps N     topology of both setups (2, 3, 2, 1; on two hosts 2, 2, 1, 2)
          --new installed|absent       the new client runs unregistered, or is still to be installed (installed)
          --scale F                    factor on all durations; 1 is as slow as the real client (0.05)
          --engine postgres|mariadb|mysql     what the databases of both sides are on (postgres)
          --docker auto|embedded|real  where containers run; auto takes real Docker hosts where they can be started (auto)
          --hosts 1|2                  real Docker hosts a side; on two the vendor's production form (1)
          --transport unix|tcp         how embedded Docker hosts are reached (unix)
          --client-version V           version of both clients (2.53.1)
          --messages N                 messages that the old client has sent before (4)
          --ignore-stdin               run until "down" or a signal, whatever becomes of standard input
        """;

    public string Command { get; private set; } = "";

    public bool Json { get; private set; }

    public bool IgnoreInput { get; private set; }

    public bool NewInstalled { get; private set; } = true;

    public string Docker { get; private set; } = "auto";

    /// <summary>Real Docker hosts a side.</summary>
    public int Hosts { get; private set; } = 1;

    public LabTopology Topology { get; private set; } = new();

    public double Scale { get; private set; } = 0.05;

    public DockerTransport Transport { get; private set; }

    public LabDatabaseEngine Engine { get; private set; }

    public string ClientVersion { get; private set; } = "2.53.1";

    public int Messages { get; private set; } = 4;

    /// <exception cref="ArgumentException">Says what is wrong with the command line.</exception>
    public static PlaygroundOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PlaygroundOptions { Command = arguments.Count > 0 ? arguments[0] : "--help" };
        for (var index = 1; index < arguments.Count; index++)
        {
            var name = arguments[index];
            switch (name)
            {
                case "--json":
                    options.Json = true;
                    break;
                case "--ignore-stdin":
                    options.IgnoreInput = true;
                    break;
                default:
                    options.Set(name, ++index < arguments.Count ? arguments[index] : throw new ArgumentException($"{name} wants a value."));
                    break;
            }
        }

        if (options is { Hosts: 2, Docker: "embedded" })
        {
            throw new ArgumentException("--hosts 2: two Docker hosts a side are real ones; --docker embedded has one.");
        }

        if (options.Hosts == 2 && options.Topology == new LabTopology())
        {
            options.Topology = LabTopology.TwoHosts;
        }

        if (options.Hosts == 2 && (options.Topology.Masters > 2 || options.Topology.Coreapps > 2))
        {
            throw new ArgumentException("--hosts 2: there is at most one Master and one Coreapp a host, as in the vendor's production form.");
        }

        return options;
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} {value}: a number from {least} to {most} is wanted.");

    private static string Choice(string name, string value, params string[] choices) => choices.Contains(value)
        ? value
        : throw new ArgumentException($"{name} {value}: one of {string.Join(", ", choices)} is wanted.");

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--masters":
                Topology = Topology with { Masters = Number(name, value, 1, 4) };
                break;
            case "--coreapps":
                Topology = Topology with { Coreapps = Number(name, value, 1, 33) };
                break;
            case "--webapps":
                Topology = Topology with { Webapps = Number(name, value, 1, 4) };
                break;
            case "--shards":
                Topology = Topology with { Shards = int.Parse(Choice(name, value, "1", "2", "4", "8", "16", "32"), CultureInfo.InvariantCulture) };
                break;
            case "--new":
                NewInstalled = Choice(name, value, "installed", "absent") == "installed";
                break;
            case "--scale":
                Scale = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale) && scale is > 0 and <= 10
                    ? scale
                    : throw new ArgumentException($"--scale {value}: a factor above 0 and up to 10 is wanted.");
                break;
            case "--engine":
                Engine = Choice(name, value, "postgres", "mariadb", "mysql") switch
                {
                    "mariadb" => LabDatabaseEngine.MariaDb,
                    "mysql" => LabDatabaseEngine.MySql,
                    _ => LabDatabaseEngine.PostgreSql,
                };
                break;
            case "--docker":
                Docker = Choice(name, value, "auto", "embedded", "real");
                break;
            case "--hosts":
                Hosts = Number(name, value, 1, 2);
                break;
            case "--transport":
                Transport = Choice(name, value, "unix", "tcp") == "tcp" ? DockerTransport.Tcp : DockerTransport.Unix;
                break;
            case "--client-version":
                ClientVersion = System.Version.TryParse(value, out _) ? value : throw new ArgumentException($"--client-version {value}: a version such as 2.53.1 is wanted.");
                break;
            case "--messages":
                Messages = Number(name, value, 0, 10_000);
                break;
            default:
                throw new ArgumentException($"Unknown option {name}.");
        }
    }
}
