using System.Text;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>An archive that is not what was written is found out, and never touches a server.</summary>
public sealed class ArchiveDamageTests
{
    private const int Changes = 1000;

    [Theory]
    [InlineData(null)]
    [InlineData("a password")]
    public async Task Every_changed_byte_cut_and_swap_is_found(string? password)
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive", password);
        var root = lab.Folder.File("archive");
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(20261124);

        // Opening an encrypted archive costs 600,000 rounds each time, so that one has fewer.
        for (var change = 0; change < (password is null ? Changes : Changes / 20); change++)
        {
            var file = files[random.Next(files.Length)];
            var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            var other = files[random.Next(files.Length)];
            var content = await File.ReadAllBytesAsync(other, TestContext.Current.CancellationToken);
            switch (change % 10)
            {
                case 8:
                    await File.WriteAllBytesAsync(file, whole[..random.Next(whole.Length)], TestContext.Current.CancellationToken);
                    break;
                case 9 when !content.AsSpan().SequenceEqual(whole):
                    await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
                    await File.WriteAllBytesAsync(other, whole, TestContext.Current.CancellationToken);
                    break;
                default:
                    var damaged = (byte[])whole.Clone();
                    damaged[random.Next(whole.Length)] ^= (byte)random.Next(1, 256);
                    await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);
                    break;
            }

            var error = await Assert.ThrowsAsync<WaException>(() => lab.TestAsync("archive", password));
            Assert.True(error.ErrorId.StartsWith("Archive", StringComparison.Ordinal), $"{error.ErrorId} after change {change} of {file}");
            await File.WriteAllBytesAsync(other, content, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);
        }

        await lab.TestAsync("archive", password);
    }

    [Fact]
    public async Task A_damaged_archive_is_refused_before_the_server_is_touched()
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive");
        var chunk = Directory.GetFiles(lab.Folder.File("archive"), "*.zst", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(chunk, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(chunk, bytes, TestContext.Current.CancellationToken);

        Assert.Equal("ArchiveDamaged", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        File.Delete(chunk);
        Assert.Equal("ArchiveFileMissing", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(chunk, bytes, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(chunk + "x", "extra", TestContext.Current.CancellationToken);
        Assert.Equal("ArchiveHasExtraFile", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        Assert.False(await lab.TargetExistsAsync());
    }

    [Fact]
    public async Task Passwords_are_asked_for_and_tried()
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive", "right");

        Assert.Equal("ArchivePasswordMissing", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        Assert.Equal("ArchivePasswordWrong", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive", "wrong"))).ErrorId);
        foreach (var file in Directory.GetFiles(lab.Folder.File("archive"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("secret words", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_newer_format_is_refused_as_such()
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive");
        await ForgeAsync(lab, "\"format\": 1", "\"format\": 2");

        Assert.Equal("ArchiveFormatNewer", (await Assert.ThrowsAsync<WaException>(() => lab.TestAsync("archive"))).ErrorId);
    }

    [Theory]
    [InlineData("\"major\": ", "\"major\": 9", "TargetVersionOlder")]
    [InlineData("\"engine\": \"PostgreSql\"", "\"engine\": \"MariaDb\"", "DatabaseEnginesDiffer")]
    public async Task An_archive_of_a_newer_server_or_of_another_engine_is_not_imported(string from, string to, string errorId)
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive");
        await ForgeAsync(lab, from, to);

        Assert.Equal(errorId, (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        Assert.False(await lab.TargetExistsAsync());
    }

    /// <summary>A manifest as another server's export would have written it.</summary>
    private static async Task ForgeAsync(CopyLab lab, string from, string to)
    {
        var manifest = Path.Combine(lab.Folder.File("archive"), "manifest.json");
        var text = (await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken)).Replace(from, to, StringComparison.Ordinal);
        var mark = text[(text.LastIndexOf("\"mac\": \"", StringComparison.Ordinal) + 8)..][..64];
        text = text.Replace(mark, new string('0', 64), StringComparison.Ordinal);
        var again = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var at = text.LastIndexOf(new string('0', 64), StringComparison.Ordinal);
        await File.WriteAllTextAsync(manifest, text[..at] + again + text[(at + 64)..], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_folder_without_a_manifest_is_no_archive_and_is_gone_on_with()
    {
        await using var lab = await SmallAsync();
        await lab.ExportAsync("archive");
        var manifest = Path.Combine(lab.Folder.File("archive"), "manifest.json");
        File.Delete(manifest);
        Assert.Equal("ArchiveNotRecognised", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        Assert.Equal("ArchiveNotRecognised", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("nowhere"))).ErrorId);
        Assert.Equal("ArchiveFolderNotEmpty", (await Assert.ThrowsAsync<WaException>(() => lab.ExportAsync("archive"))).ErrorId);

        await File.WriteAllTextAsync(Path.Combine(lab.Folder.File("archive"), "progress.jsonl"), "{ cut", TestContext.Current.CancellationToken);
        Assert.Equal("ArchiveNotComplete", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive"))).ErrorId);
        await lab.ExportAsync("archive");

        await lab.TestAsync("archive");
    }

    private static Task<CopyLab> SmallAsync() => CopyLab.StartAsync("CREATE TABLE a (id int PRIMARY KEY, v text)", "INSERT INTO a SELECT n, 'secret words ' || n FROM generate_series(1, 300) n", "CREATE TABLE b (x text)");
}
