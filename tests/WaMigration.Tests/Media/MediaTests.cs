using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Media;

/// <summary>Media from volume to volume, and by way of an archive, on embedded Docker hosts.</summary>
public sealed class MediaTests
{
    private const string CopyCommand = ",WaMigration.Commands.CopyWaMediaCommand";
    private const string ImportCommand = ",WaMigration.Commands.ImportWaMediaCommand";
    private const string ExportCommand = ",WaMigration.Commands.ExportWaMediaCommand";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_is_copied_with_all_that_its_files_have_and_a_second_time_only_what_has_changed()
    {
        await using var lab = await StartAsync();
        var (from, to) = (FolderOf(lab.Lab.Old), FolderOf(lab.Lab.New));
        var big = Filled(5_000_000, 7);
        Write(from, "incoming/a b.jpg", Filled(100, 1), "2021-03-04T05:06:07Z", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Write(from, "incoming/deep/\u00e9\u4e2d-" + new string('n', 120), Filled(3000, 2), "1969-12-31T23:00:00Z", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(from, "outgoing/big", big, "2026-01-02T03:04:05Z", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(from, "outgoing/empty", [], "2026-01-02T03:04:05Z", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(from, "outgoing/link"), "big");
        if (Environment.IsPrivilegedProcess)
        {
            Owned(from, "outgoing/big", 1234, 3_000_000);
        }

        Write(to, "outgoing/own", Filled(10, 3), "2026-01-02T03:04:05Z", UnixFileMode.UserRead);
        var planned = lab.Run("Copy-WaMedia $old $new -WhatIf").MustSucceed();
        Assert.Contains("_whatsappMedia on ", Assert.Single(planned.WhatIfLines), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(to, "outgoing/big")));

        var copied = lab.Run("Copy-WaMedia $old $new");
        Assert.Equal([5, 5, 0], Numbers(copied));
        Assert.Equal(["outgoing/own"], (IReadOnlyList<string>)copied.Property("OnlyAtDestination")!);
        Assert.Equal(Picture(from), Picture(to).Where(line => !line.StartsWith("outgoing/own ", StringComparison.Ordinal)));
        Assert.Equal(big, await File.ReadAllBytesAsync(Path.Combine(to, "outgoing/big"), Stop));

        // Nothing of the helpers is left, and nothing of the client was touched.
        Assert.DoesNotContain(lab.Lab.Old.ContainerNames.Concat(lab.Lab.New.ContainerNames), name => name.Contains("wamigration", StringComparison.Ordinal));

        // What has not changed is not asked for: one new file and one that changed are fetched by their names.
        Write(from, "outgoing/new", Filled(20, 4), "2026-05-05T05:05:05Z", UnixFileMode.UserRead);
        Write(from, "incoming/a b.jpg", Filled(100, 9), "2026-06-06T06:06:06Z", UnixFileMode.UserRead);
        var proxy = lab.Lab.ProxyOf(LabLink.OldDocker);
        var before = proxy.Count("GET", "/archive$");
        copied = lab.Run("Copy-WaMedia $old $new");
        Assert.Equal([6, 2, 4], Numbers(copied));
        Assert.Equal(2, proxy.Count("GET", "/archive$") - before);
        Assert.Equal(Picture(from), Picture(to).Where(line => !line.StartsWith("outgoing/own ", StringComparison.Ordinal)));
        Assert.Equal([6, 0, 6], Numbers(lab.Run("Copy-WaMedia $old $new")));

        // A content that was changed behind its time is found by its hash alone.
        Write(to, "outgoing/big", Filled(5_000_000, 8), "2026-01-02T03:04:05Z", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess)
        {
            Owned(to, "outgoing/big", 1234, 3_000_000);
        }

        Assert.Equal([6, 0, 6], Numbers(lab.Run("Copy-WaMedia $old $new")));
        Assert.Equal([6, 1, 5], Numbers(lab.Run("Copy-WaMedia $old $new -Verify")));
        Assert.Equal(big, await File.ReadAllBytesAsync(Path.Combine(to, "outgoing/big"), Stop));
    }

    [Fact]
    public async Task Media_go_through_an_archive_that_is_readable_without_the_module_and_through_an_encrypted_one()
    {
        await using var lab = await StartAsync();
        var (from, to) = (FolderOf(lab.Lab.Old), FolderOf(lab.Lab.New));
        Write(from, "incoming/one", Filled(200_000, 1), "2021-03-04T05:06:07Z", UnixFileMode.UserRead);
        Write(from, "incoming/O n:e", Filled(50, 2), "2021-03-04T05:06:08Z", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var folder = Path.Combine(lab.Lab.Folder, "media");
        lab.Shell.Set("path", folder);
        lab.Shell.Set("pw", SetupLab.Secret("Med1a-Passw0rd"));
        lab.Shell.Set("wrong", SetupLab.Secret("wrong"));

        Assert.Equal([2, 2, 0], Numbers(lab.Run("Export-WaMedia $old $path")));
        Assert.Equal(Filled(200_000, 1), await File.ReadAllBytesAsync(Path.Combine(folder, "media", "incoming", "one"), Stop));
        var manifest = await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), Stop);
        Assert.Contains("\"name\": \"incoming/O n:e\"", manifest, StringComparison.Ordinal);
        Assert.Equal([2, 0, 2], Numbers(lab.Run("Export-WaMedia $old $path")));
        Assert.Equal([2, 2, 0], Numbers(lab.Run("Import-WaMedia $path $new")));
        Assert.Equal(Picture(from), Picture(to));

        // Damage of any kind is seen before it arrives.
        var one = Path.Combine(folder, "media", "incoming", "one");
        Directory.Delete(Path.Combine(to, "incoming"), recursive: true);
        await File.WriteAllBytesAsync(one, Filled(200_000, 5), Stop);
        lab.Refuses("MediaArchiveDamaged" + ImportCommand, "Import-WaMedia $path $new");
        Assert.False(File.Exists(Path.Combine(to, "incoming", "one")) && File.ReadAllBytes(Path.Combine(to, "incoming", "one")).Length == 200_000);
        File.Delete(one);
        lab.Refuses("MediaArchiveDamaged" + ImportCommand, "Import-WaMedia $path $new");
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.Replace("50,", "51,", StringComparison.Ordinal), Stop);
        lab.Refuses("MediaArchiveDamaged" + ImportCommand, "Import-WaMedia $path $new");
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal), Stop);
        lab.Refuses("MediaArchiveFormatNewer" + ImportCommand, "Import-WaMedia $path $new");
        File.Move(Path.Combine(folder, "manifest.json"), Path.Combine(folder, "progress.jsonl"));
        lab.Refuses("MediaArchiveNotComplete" + ImportCommand, "Import-WaMedia $path $new");
        lab.Refuses("MediaArchiveNotRecognised" + ImportCommand, "Import-WaMedia $lab.Folder $new");
        lab.Refuses("MediaArchiveFolderNotEmpty" + ExportCommand, "Export-WaMedia $old $lab.Folder");
        lab.Refuses("MediaArchiveWriteFailed" + ExportCommand, "Export-WaMedia $old /dev/null/x");

        lab.Shell.Set("path", folder + "-secret");
        lab.Run("$null = Export-WaMedia $old $path -EncryptionPassword $pw").MustSucceed();
        Assert.All(Directory.GetFiles(folder + "-secret", "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("incoming", file + File.ReadAllText(file), StringComparison.Ordinal));
        lab.Refuses("MediaArchivePasswordMissing" + ImportCommand, "Import-WaMedia $path $new");
        lab.Refuses("MediaArchivePasswordWrong" + ImportCommand, "Import-WaMedia $path $new -EncryptionPassword $wrong");
        lab.Run("$null = Import-WaMedia $path $new -EncryptionPassword $pw").MustSucceed();
        Assert.Equal(Picture(from), Picture(to));
    }

    [Fact]
    public async Task What_cannot_be_copied_is_named_and_a_copy_that_was_cut_goes_on()
    {
        await using var lab = await StartAsync();
        var (from, to) = (FolderOf(lab.Lab.Old), FolderOf(lab.Lab.New));
        lab.Refuses("MediaVolumeMissing" + CopyCommand, "Copy-WaMedia $old $new -VolumeName nothing");
        for (var number = 0; number < 40; number++)
        {
            Write(from, $"outgoing/{number:D2}", Filled(4_000_000, number), "2026-01-02T03:04:05Z", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        // The host goes in the middle of the stream: what has arrived is not sent again.
        lab.Lab.ProxyOf(LabLink.NewDocker).Cut(HoldPoint.AfterEffect, "PUT", "/archive$", 1, 3);
        lab.Refuses("DockerHostUnreachable" + CopyCommand, "Copy-WaMedia $old $new");
        var there = Directory.GetFiles(Path.Combine(to, "outgoing")).Length;
        Assert.InRange(there, 10, 40);
        var rest = lab.Run("Copy-WaMedia $old $new");
        Assert.Equal(40, rest.Property("Files"));
        Assert.True((int)rest.Property("Moved")! < 40, "Everything was sent again.");
        Assert.Equal(Picture(from), Picture(to));

        // Whoever writes in between is waited for, and not for ever.
        Write(from, "outgoing/00", Filled(10, 1), "2026-02-02T03:04:05Z", UnixFileMode.UserRead);
        var file = Path.Combine(from, "outgoing", "00");
        var turn = 0;
        using (lab.Lab.ProxyOf(LabLink.NewDocker).Hold(HoldPoint.BeforeRequest, "PUT", "/archive$", 1, () => Changed(file, ++turn)))
        {
            Assert.Contains("outgoing/00", lab.Refuses("MediaChanging" + CopyCommand, "Copy-WaMedia $old $new").ToString(), StringComparison.Ordinal);
            Assert.Equal(["outgoing/00"], (IReadOnlyList<string>)lab.Run("Copy-WaMedia $old $new -AllowActiveClient").Property("Unsettled")!);
        }

        Assert.Empty((IReadOnlyList<string>)lab.Run("Copy-WaMedia $old $new").Property("Unsettled")!);
        File.Delete(Path.Combine(to, "outgoing", "01"));
        Directory.CreateDirectory(Path.Combine(to, "outgoing", "01"));
        lab.Refuses("MediaKindDiffers" + CopyCommand, "Copy-WaMedia $old $new");
    }

    /// <summary>Nothing is held by it.</summary>
    private static bool Changed(string file, int turn)
    {
        File.WriteAllBytes(file, Filled(10 + turn, turn));
        return false;
    }

    private static Task<SetupLab> StartAsync() => SetupLab.StartAsync(new LabOptions { Topology = new LabTopology(1, 2, 1), NewInstalled = true });

    private static string FolderOf(WaLab.Setups.LabSetup side) => side.Engine.Volumes.All.Single(volume => volume.Name == side.MediaVolume).Folder;

    private static int[] Numbers(ScriptResult copied) =>
        [(int)copied.Property("Files")!, (int)copied.Property("Moved")!, (int)copied.Property("AlreadyThere")!];

    private static byte[] Filled(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static void Write(string folder, string name, byte[] content, string time, UnixFileMode mode)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        File.SetLastWriteTimeUtc(path, DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime());
    }

    private static void Owned(string folder, string name, int user, int group)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [$"{user}:{group}", Path.Combine(folder, name)]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    /// <summary>Name, kind, mode, owner, size, time and content of everything, by the machine's own tools.</summary>
    private static List<string> Picture(string folder)
    {
        const string Script = "cd \"$1\" && find . -type d -printf '%P %y %m %U:%G %Ts\\n' && find . -type l -printf '%P %y %U:%G %l\\n' && find . -type f -printf '%P %y %m %U:%G %s %Ts ' -exec sha256sum {} \\;";
        using var sh = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", Script, "sh", folder]) { RedirectStandardOutput = true })!;
        var lines = sh.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
        sh.WaitForExit();
        return lines;
    }
}
