using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>Finds Docker's programs, and installs Debian's where they are missing and that is allowed.</summary>
public static class DockerPrograms
{
    private const string Missing =
        "Docker is missing: install it (Debian: apt-get install docker.io) so that dockerd, containerd, runc and iptables are on PATH.";

    private static readonly string[] Needed = ["dockerd", "containerd", "runc", "iptables"];
    private static readonly string[] Tools = ["ip", "unshare", "setsid", "bash", "mount", "rmdir", "find"];

    /// <summary>Makes sure that Docker hosts can be started here.</summary>
    /// <exception cref="LabServerMissingException">They cannot; the message is one line that says why.</exception>
    public static async Task EnsureAsync(Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (!OperatingSystem.IsLinux() || !LabFolders.IsRoot)
        {
            throw new LabServerMissingException(
                "Real Docker hosts are started on Linux as root only (they live in network namespaces): run as root, or use the embedded ones.");
        }

        if (Tools.FirstOrDefault(tool => LabCommand.Find(tool) is null) is { } tool)
        {
            throw new LabServerMissingException($"The program {tool} is missing (Debian: apt-get install iproute2 util-linux bash findutils).");
        }

        if (AllFound())
        {
            return;
        }

        if (LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException(Missing);
        }

        log("Docker is missing: installing the package docker.io (apt-get).");
        await InstallAsync("docker.io", Missing, cancellationToken);
        if (!AllFound())
        {
            throw new LabServerMissingException(Missing);
        }
    }

    /// <summary>The docker-compose program; Debian's is installed where there is none.</summary>
    public static async Task<string> EnsureComposeAsync(Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        const string missing = "docker-compose is missing: install it (Debian: apt-get install docker-compose).";
        if (LabCommand.Find("docker-compose") is { } found)
        {
            return found;
        }

        if (!LabFolders.IsRoot || LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException(missing);
        }

        log("docker-compose is missing: installing the package docker-compose (apt-get).");
        await InstallAsync("docker-compose", missing, cancellationToken);
        return LabCommand.Find("docker-compose") ?? throw new LabServerMissingException(missing);
    }

    private static bool AllFound() => Needed.All(program => LabCommand.Find(program) is not null);

    private static async Task InstallAsync(string package, string missing, CancellationToken cancellationToken)
    {
        try
        {
            await DebianPackages.InstallAsync(package, cancellationToken);
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{missing} ({failed.Message})", failed);
        }
    }
}
