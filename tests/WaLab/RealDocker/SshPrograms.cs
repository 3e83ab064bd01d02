using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// Where sshd is. Debian's package is only unpacked, never installed: installing it would start a server for the whole
/// machine, and add a user.
/// </summary>
/// <param name="Server">sshd, by its full path.</param>
/// <param name="LibraryPath">Extra folders for its libraries where it was unpacked, else null.</param>
internal sealed record SshPrograms(string Server, string? LibraryPath)
{
    private const string Missing = "sshd is missing: install it (Debian: apt-get install openssh-server).";

    public static async Task<SshPrograms> EnsureAsync(Action<string> log, CancellationToken cancellationToken)
    {
        if (LabCommand.Find("ssh") is null)
        {
            throw new LabServerMissingException("ssh is missing: install it (Debian: apt-get install openssh-client).");
        }

        if (LabCommand.Find("sshd") is { } installed)
        {
            return new SshPrograms(installed, null);
        }

        if (LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException(Missing);
        }

        var folder = Path.Combine(LabFolders.Cache, "openssh-server");
        var server = Path.Combine(folder, "usr/sbin/sshd");
        try
        {
            await using var once = await LabLock.TakeAsync("openssh-server", cancellationToken);
            if (!File.Exists(server))
            {
                log($"sshd is missing: unpacking its Debian packages into {folder}.");
                await DebianPackages.UnpackAsync("openssh-server", folder, cancellationToken);
            }
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{Missing} ({failed.Message})", failed);
        }

        var libraries = Directory.EnumerateDirectories(Path.Combine(folder, "usr/lib"), "*-linux-gnu*")
            .Concat(Directory.Exists(Path.Combine(folder, "lib"))
                ? Directory.EnumerateDirectories(Path.Combine(folder, "lib"), "*-linux-gnu*")
                : []);
        return File.Exists(server)
            ? new SshPrograms(server, string.Join(':', libraries))
            : throw new LabServerMissingException(Missing);
    }
}
