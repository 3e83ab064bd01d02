using System.Diagnostics;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Media;

/// <summary>Media of several Docker hosts, and hosts that have not all that is wanted of them.</summary>
public sealed class MediaHostsTests
{
    private const string Copy = "Copy-WaMedia $old $new";

    [Fact]
    public async Task Every_host_of_the_destination_gets_what_all_hosts_of_the_source_have_together()
    {
        await using var hosts = await MediaHosts.StartAsync(2);
        hosts.Write(0, "a/one", "1");
        hosts.Write(0, "a/both", "same");
        hosts.Write(1, "a/both", "same");
        File.SetLastWriteTimeUtc(Path.Combine(hosts[1], "a/both"), DateTime.UtcNow);
        hosts.Write(1, "b/two", "2");
        hosts.Write(3, "own", "o");

        var copied = hosts.Shell.Run(Copy).MustSucceed().Output;
        Assert.Equal([3, 3], copied.Select(one => (int)ScriptResult.Value(one, "Files")!));
        Assert.Equal("a/both=same, a/one=1, b/two=2", hosts.Contents(2));
        Assert.Equal("a/both=same, a/one=1, b/two=2, own=o", hosts.Contents(3));
        Assert.All(Enumerable.Range(0, 4), host => Assert.Empty(hosts.Host(host).Containers.All));

        // The same name with another content: nothing is copied anywhere.
        hosts.Write(0, "c", "new");
        hosts.Write(1, "a/both", "SAME");
        var refused = Assert.Single(hosts.Shell.Run(Copy).Errors);
        Assert.Equal("MediaNameWithTwoContents,WaMigration.Commands.CopyWaMediaCommand", refused.FullyQualifiedErrorId);
        Assert.Equal("a/both", refused.TargetObject);
        Assert.DoesNotContain("c=new", hosts.Contents(2), StringComparison.Ordinal);
        hosts.Write(1, "a/both", "longer");
        Assert.Equal(["MediaNameWithTwoContents"], hosts.Shell.Run(Copy).ErrorIds);
    }

    [Fact]
    public async Task A_volume_that_hosts_share_is_copied_once()
    {
        var share = new Dictionary<string, string> { ["type"] = "nfs", ["o"] = "addr=10.0.0.9,rw", ["device"] = ":/media" };
        await using var hosts = await MediaHosts.StartAsync(2, share);
        hosts.Write(0, "one", "1");

        var copied = hosts.Shell.Run(Copy).MustSucceed().Output;

        Assert.All(copied, one => Assert.Single((IReadOnlyList<string>)ScriptResult.Value(one, "Source")!));
        Assert.Equal("one=1", hosts.Contents(3));
        hosts.Shell.Set("same", hosts.Host(0).Address);
        var same = hosts.Shell.Run("$there = Connect-WaSetup -NotInstalled -Name there -ApiUri https://127.0.0.1:3 -DockerHost $same; Copy-WaMedia $old $there").MustSucceed();
        Assert.Empty(same.Output);
        Assert.Single(same.Warnings);
    }

    [Fact]
    public async Task Where_the_image_has_no_shell_everything_is_read_and_comes_out_the_same()
    {
        await using var hosts = await MediaHosts.StartAsync(1);
        hosts.Host(0).Rules.WillNotStart("^wamigration-media-list", 127, "exec /bin/sh: no such file or directory");
        hosts.Host(1).Rules.WillNotStart("^wamigration-media-list", 127, "exec /bin/sh: no such file or directory");
        hosts.Write(0, "a/one", "1");
        hosts.Write(0, "a/line\nbreak", "2");

        Assert.Equal(2, hosts.Shell.Run(Copy).Property("Moved"));
        Assert.Equal(0, hosts.Shell.Run(Copy).Property("Moved"));
        Assert.Equal(hosts.Contents(0), hosts.Contents(1));

        // A name that the tools write otherwise is no reason to miss a file.
        hosts.Host(0).Rules.Clear();
        hosts.Host(1).Rules.Clear();
        hosts.Write(0, "a/more", "3");
        Assert.Equal(1, hosts.Shell.Run(Copy).Property("Moved"));
        Assert.Equal(hosts.Contents(0), hosts.Contents(1));
    }

    [Fact]
    public async Task A_disk_without_room_is_named_and_the_copy_goes_on_when_there_is_some()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux may mount a small disk.");
        await using var hosts = await MediaHosts.StartAsync(1);
        for (var number = 0; number < 5; number++)
        {
            hosts.Write(0, $"file{number}", new string((char)('a' + number), 600_000));
        }

        Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", hosts[1]);
        try
        {
            var refused = Assert.Single(hosts.Shell.Run(Copy).Errors);
            Assert.True(refused.FullyQualifiedErrorId == "MediaNoRoom,WaMigration.Commands.CopyWaMediaCommand", refused.ToString());
            Run("mount", "-o", "remount,size=9m", hosts[1]);
            Assert.InRange((int)hosts.Shell.Run(Copy).Property("Moved")!, 1, 4);
            Assert.Equal(hosts.Contents(0), hosts.Contents(1));
        }
        finally
        {
            Run("umount", "--lazy", hosts[1]);
        }
    }

    [Fact]
    public async Task What_the_hosts_lack_is_said_by_its_name()
    {
        await using var hosts = await MediaHosts.StartAsync(1);
        hosts.Write(0, "one", "1");
        hosts.Host(0).Volumes.Ensure("other_whatsappMedia");
        Assert.Equal(["MediaVolumeUnclear"], hosts.Shell.Run(Copy).ErrorIds);
        Assert.Equal(1, hosts.Shell.Run(Copy + " -VolumeName wa_whatsappMedia").Property("Files"));
        Assert.Equal(["MediaVolumeMissing"], hosts.Shell.Run(Copy + " -VolumeName wa_whatsappMedia -DestinationVolumeName none").ErrorIds);
        Assert.Equal(["MediaHostsMissing"], hosts.Shell.Run("$none = Connect-WaSetup -NotInstalled -Name none -ApiUri https://127.0.0.1:4; Copy-WaMedia $none $new").ErrorIds);
        Run("mkfifo", Path.Combine(hosts[0], "pipe"));
        Assert.Equal(["MediaEntryNotCarried"], hosts.Shell.Run(Copy + " -VolumeName wa_whatsappMedia").ErrorIds);
        File.Delete(Path.Combine(hosts[0], "pipe"));
        hosts.Host(1).Rules.FailNext("PUT", "/archive$", 500, "disk on fire");
        hosts.Write(0, "two", "2");
        Assert.Equal(["DockerRefused"], hosts.Shell.Run(Copy + " -VolumeName wa_whatsappMedia").ErrorIds);
        Assert.Empty(hosts.Host(1).Containers.All);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}.");
    }
}
