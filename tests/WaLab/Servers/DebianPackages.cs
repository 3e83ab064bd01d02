using System.Text.RegularExpressions;

namespace WaLab.Servers;

/// <summary>Gets server packages on Debian: installed as root, unpacked into a folder of one's own otherwise.</summary>
internal static partial class DebianPackages
{
    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C" };

    public static async Task InstallPostgresAsync(CancellationToken cancellationToken)
    {
        // Without these two the package would make and start a cluster of its own on port 5432.
        const string clusterSettings = "/etc/postgresql-common/createcluster.conf";
        if (!File.Exists(clusterSettings))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(clusterSettings)!);
            await File.WriteAllTextAsync(clusterSettings, "create_main_cluster = false\n", cancellationToken);
        }

        await InstallAsync("postgresql", cancellationToken);
    }

    /// <summary>Installs packages (several by blanks between them) as root without letting it start a service: the lab starts what it needs itself.</summary>
    public static async Task InstallAsync(string packages, CancellationToken cancellationToken)
    {
        await using var once = await LabLock.TakeAsync("packages", cancellationToken);
        const string policy = "/usr/sbin/policy-rc.d";
        var ownPolicy = !File.Exists(policy);
        if (ownPolicy)
        {
            await File.WriteAllTextAsync(policy, "#!/bin/sh\nexit 101\n", cancellationToken);
            LabFolders.SetMode(policy, (UnixFileMode)0b111_101_101);
        }

        try
        {
            await AptInstallAsync(packages, cancellationToken);
        }
        finally
        {
            if (ownPolicy)
            {
                File.Delete(policy);
            }
        }
    }

    /// <summary>Unpacks packages (several by blanks between them), with all that they need, into a folder.</summary>
    public static Task UnpackAsync(string wanted, string folder, CancellationToken cancellationToken) => UnpackAsync(wanted, folder, [], cancellationToken);

    /// <summary>Unpacks packages of Debian's unstable suite with everything that they need, down to the C library.</summary>
    public static async Task UnpackUnstableAsync(string wanted, string folder, CancellationToken cancellationToken)
    {
        const string keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
        var mirrors = await LabCommand.RunAsync("apt-get", ["indextargets", "--format", "$(REPO_URI)"], Quiet, "/", cancellationToken);
        var mirror = mirrors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("apt-get names no mirror of Debian.");
        var list = Path.Combine(Path.GetTempPath(), "wamigration-" + Guid.NewGuid().ToString("N")[..8] + ".list");
        await File.WriteAllTextAsync(list, $"deb [signed-by={keys}] {mirror} sid main\n", cancellationToken);
        try
        {
            // With no package installed all of them are needed, and none of this machine's is mixed with theirs.
            await UnpackAsync(wanted, folder, ["-o", "Dir::Etc::SourceList=" + list, "-o", "Dir::Etc::SourceParts=-", "-o", "Dir::State::Status=/dev/null"], cancellationToken);
        }
        finally
        {
            File.Delete(list);
        }
    }

    private static async Task UnpackAsync(string wanted, string folder, string[] more, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(folder + ".new-" + Guid.NewGuid().ToString("N")[..6]).FullName;
        try
        {
            var lists = Directory.CreateDirectory(Path.Combine(work, "lists/partial")).Parent!.FullName;
            var cache = Directory.CreateDirectory(Path.Combine(work, "cache/archives/partial")).Parent!.Parent!.FullName;
            var root = Directory.CreateDirectory(Path.Combine(work, "root")).FullName;
            string[] own =
            [
                "-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache=" + cache,
                "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=", "-q", .. more,
            ];
            await LabCommand.RunAsync("apt-get", [.. own, "update"], Quiet, work, cancellationToken);
            var plan = await LabCommand.RunAsync(
                "apt-get", [.. own, "-s", "--no-install-recommends", "install", .. wanted.Split(' ')], Quiet, work, cancellationToken);
            var packages = PlannedPackage().Matches(plan).Select(m => $"{m.Groups["name"].Value}={m.Groups["version"].Value}").ToList();
            if (packages.Count == 0)
            {
                throw new InvalidOperationException($"apt-get names no package to unpack for {wanted}.");
            }

            await LabCommand.RunAsync("apt-get", [.. own, "download", .. packages], Quiet, work, cancellationToken);
            foreach (var file in Directory.EnumerateFiles(work, "*.deb"))
            {
                await LabCommand.RunAsync("dpkg", ["-x", file, root], Quiet, work, cancellationToken);
            }

            // Another process may have been faster; its folder is as good as ours.
            if (!Directory.Exists(folder))
            {
                Directory.Move(root, folder);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task AptInstallAsync(string packages, CancellationToken cancellationToken)
    {
        string[] install =
        [
            "install", "-y", "-q", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold",
            "-o", "DPkg::Lock::Timeout=300", .. packages.Split(' '),
        ];
        try
        {
            await LabCommand.RunAsync("apt-get", install, Quiet, "/", cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // Lists that are missing or old are the usual reason, so they are renewed once before giving up.
            await LabCommand.RunAsync("apt-get", ["update", "-q"], Quiet, "/", cancellationToken);
            await LabCommand.RunAsync("apt-get", install, Quiet, "/", cancellationToken);
        }
    }

    [GeneratedRegex(@"^Inst (?<name>\S+) \((?<version>\S+) ", RegexOptions.Multiline)]
    private static partial Regex PlannedPackage();
}
