using System.Diagnostics;
using System.Globalization;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>A file system of a few megabytes, in memory, that fills up for real. Only root on Linux may make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    internal string Path { get; }

    internal static async Task<SmallDisk> MountAsync(int megabytes, string owner)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux may mount a small disk.");
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("wamigration-disk-").FullName);
        await RunAsync("mount", "-t", "tmpfs", "-o", Size(megabytes), "tmpfs", disk.Path);
        await RunAsync("chown", owner, disk.Path);
        return disk;
    }

    internal Task GrowAsync(int megabytes) => RunAsync("mount", "-o", "remount," + Size(megabytes), Path);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
}
