using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>A busybox without libraries: the shell and small tools of the images.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Applets">What it can be called as.</param>
internal sealed record Busybox(string Program, IReadOnlyList<string> Applets)
{
    private const string Missing = "busybox-static is missing: install it (Debian: apt-get install busybox-static).";

    public static async Task<Busybox> EnsureAsync(Action<string> log, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(LabFolders.Cache, "busybox-static");
        var program = Path.Combine(folder, "bin/busybox");
        try
        {
            await using var once = await LabLock.TakeAsync("busybox-static", cancellationToken);
            if (!File.Exists(program))
            {
                if (LabCommand.Find("apt-get") is null)
                {
                    throw new LabServerMissingException(Missing);
                }

                log($"busybox-static is missing: unpacking its Debian package into {folder}.");
                await DebianPackages.UnpackAsync("busybox-static", folder, cancellationToken);
            }

            program = File.Exists(program) ? program : Path.Combine(folder, "usr/bin/busybox");
            var applets = await LabCommand.RunAsync(program, ["--list"], cancellationToken: cancellationToken);
            return new Busybox(program, applets.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{Missing} ({failed.Message})", failed);
        }
    }
}
