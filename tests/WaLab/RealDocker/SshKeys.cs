using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// One key pair that opens the hosts of a network, and the client's settings for it. The settings of the person who runs
/// the lab are left alone: <see cref="ProgramFolder"/> has an ssh that knows the lab's hosts, to be put first on PATH.
/// </summary>
internal sealed class SshKeys
{
    public const string Program = "sshd";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Executable = OwnerOnly | UnixFileMode.UserExecute;
    private readonly string _folder;

    private SshKeys(string folder) => _folder = folder;

    /// <summary>The folder with the lab's own <c>ssh</c>.</summary>
    public string ProgramFolder => Path.Combine(_folder, "bin");

    private string ClientKey => Path.Combine(_folder, "id");

    private string Settings => Path.Combine(_folder, "config");

    private string HostsFolder => Path.Combine(_folder, "hosts");

    public static async Task<SshKeys> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        LabFolders.SetMode(folder, Executable);
        var keys = new SshKeys(folder);
        if (LabCommand.Find("ssh") is { } ssh)
        {
            Directory.CreateDirectory(keys.ProgramFolder);
            var program = Path.Combine(keys.ProgramFolder, "ssh");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec {ssh} -F '{keys.Settings}' \"$@\"\n", cancellationToken);
            LabFolders.SetMode(program, Executable);
            await MakeKeyAsync(keys.ClientKey, cancellationToken);
        }

        // Any of these programs knows the hosts of all labs of this user, since only one can be first on PATH. For every
        // other host the person's own settings hold.
        Directory.CreateDirectory(keys.HostsFolder);
        string[] settings = [$"Include {LabFolders.Runtime}/net-*/ssh/hosts/*.conf", "Include ~/.ssh/config", "Include /etc/ssh/ssh_config"];
        await File.WriteAllLinesAsync(keys.Settings, settings, cancellationToken);
        return keys;
    }

    /// <summary>
    /// Starts an ssh server that takes this key and runs one command: the one by which Docker's clients reach an engine.
    /// Its user list is an own one, seen on that machine only, since the machine that runs the lab may have no sshd user.
    /// </summary>
    public async Task StartServerAsync(SshPrograms programs, LabMachine machine, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(machine.Folder, Program)).FullName;
        LabFolders.SetMode(folder, Executable);
        var hostKey = Path.Combine(folder, "host");
        await MakeKeyAsync(hostKey, cancellationToken);
        await IntroduceAsync(machine, hostKey, cancellationToken);
        File.Copy(ClientKey + ".pub", Path.Combine(folder, "authorized_keys"), overwrite: true);
        await WriteAccountsAsync(folder, cancellationToken);
        var dial = Path.Combine(folder, "dial");
        await File.WriteAllTextAsync(
            dial,
            """
            #!/bin/sh
            [ "$SSH_ORIGINAL_COMMAND" = "docker system dial-stdio" ] || { echo "only Docker is served here" >&2; exit 126; }
            exec docker -H unix:///run/docker.sock system dial-stdio

            """,
            cancellationToken);
        LabFolders.SetMode(dial, Executable);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config"),
            $"""
            ListenAddress {machine.Address}
            HostKey {hostKey}
            AuthorizedKeysFile {folder}/authorized_keys
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            DisableForwarding yes
            PidFile none
            MaxStartups 100
            ForceCommand {dial}

            """,
            cancellationToken);

        string[] command =
        [
            "env", "LD_LIBRARY_PATH=" + programs.LibraryPath, "sh", "-c",
            "mount --bind \"$1/passwd\" /etc/passwd && mount --bind \"$1/shadow\" /etc/shadow && exec \"$2\" -D -e -f \"$1/config\"",
            "sh", folder, programs.Server,
        ];
        await machine.StartAsync(Program, command, cancellationToken);
    }

    private static async Task MakeKeyAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            await LabCommand.RunAsync(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", string.Empty, "-C", "walab", "-f", file], cancellationToken: cancellationToken);
        }
    }

    private static async Task WriteAccountsAsync(string folder, CancellationToken cancellationToken)
    {
        string[] users =
        [
            "root:x:0:0:root:/root:/bin/sh",
            "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin",
            "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin",
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "passwd"), users, cancellationToken);
        var passwords = Path.Combine(folder, "shadow");
        await File.WriteAllTextAsync(passwords, "root:*:19000:0:99999:7:::\n", cancellationToken);
        LabFolders.SetMode(passwords, OwnerOnly);
    }

    private async Task IntroduceAsync(LabMachine machine, string hostKey, CancellationToken cancellationToken)
    {
        var known = Path.Combine(HostsFolder, machine.Name + ".known");
        await File.WriteAllTextAsync(
            known, $"{machine.Address} {await File.ReadAllTextAsync(hostKey + ".pub", cancellationToken)}", cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(HostsFolder, machine.Name + ".conf"),
            $"""
            Host {machine.Address}
                User root
                IdentityFile {ClientKey}
                IdentitiesOnly yes
                UserKnownHostsFile {known}
                StrictHostKeyChecking yes

            """,
            cancellationToken);
    }
}
