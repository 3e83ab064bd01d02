using System.Diagnostics;
using System.Globalization;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>A file system of a few megabytes, in memory, that fills up for real. Only root on Linux may make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string? covered;

    private SmallDisk(string path, string? covered = null) => (Path, this.covered) = (path, covered);

    internal string Path { get; }

    internal static async Task<SmallDisk> MountAsync(int megabytes, string owner)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux may mount a small disk.");
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("wamigration-disk-").FullName);
        await RunAsync("mount", "-t", "tmpfs", "-o", Size(megabytes), "tmpfs", disk.Path);
        await RunAsync("chown", owner, disk.Path);
        return disk;
    }

    /// <summary>Puts one over a folder, with all that is in it and so much room beside.</summary>
    internal static async Task<SmallDisk> MountOverAsync(string folder, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux may mount a small disk.");
        var covered = folder + ".covered";
        Directory.Move(folder, covered);
        Directory.CreateDirectory(folder);
        var disk = new SmallDisk(folder, covered);
        var used = new DirectoryInfo(covered).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / (1024 * 1024);
        await RunAsync("mount", "-t", "tmpfs", "-o", Size((int)used + megabytes), "tmpfs", folder);
        await RunAsync("cp", "-a", covered + "/.", folder);
        return disk;
    }

    /// <summary>Takes away all room but this.</summary>
    internal Task LeaveAsync(int megabytes)
    {
        var drive = new DriveInfo(Path);
        return GrowAsync((int)((drive.TotalSize - drive.AvailableFreeSpace) / (1024 * 1024)) + megabytes);
    }

    internal Task GrowAsync(int megabytes) => RunAsync("mount", "-o", "remount," + Size(megabytes), Path);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
        if (covered is not null)
        {
            Directory.Move(covered, Path);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
}
