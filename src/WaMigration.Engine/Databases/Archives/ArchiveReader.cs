using System.Text;
using System.Text.Json;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Databases.Archives;

/// <summary>Opens archives, and proves that every file is what was written.</summary>
internal static class ArchiveReader
{
    /// <summary>The key of a file; null where the password is another.</summary>
    internal static ArchiveCipher? Key(string file, string password)
    {
        var header = new byte[ArchiveCipher.HeaderLength];
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var read = 0;
            while (read < header.Length && stream.Read(header, read, header.Length - read) is > 0 and var step)
            {
                read += step;
            }

            return ArchiveCipher.Open(header, password);
        }
        catch (InvalidDataException failure)
        {
            throw ArchiveErrors.ArchiveDamaged.Error(file, failure, [], DatabaseText.Catalog["ArchiveOtherContent"]);
        }
    }

    /// <summary>Opens an archive and proves all of it. Nothing is decided by a part that was not proved.</summary>
    internal static async Task<(ArchiveFolder Folder, ArchiveManifest Manifest)> OpenAsync(string path, string? password, Operation operation)
    {
        var plain = Path.Combine(path, ArchiveFolder.ManifestName);
        var secret = plain + ArchiveFolder.EncryptedSuffix;
        if (!File.Exists(plain) && !File.Exists(secret))
        {
            throw (File.Exists(Path.Combine(path, ArchiveFolder.ProgressName)) ? ArchiveErrors.ArchiveNotComplete : ArchiveErrors.ArchiveNotRecognised).Error(path);
        }

        var isEncrypted = !File.Exists(plain);
        if (isEncrypted && password is null)
        {
            throw ArchiveErrors.ArchivePasswordMissing.Error(path);
        }

        var folder = new ArchiveFolder(path, isEncrypted ? Key(secret, password!) ?? throw ArchiveErrors.ArchivePasswordWrong.Error(path) : null);
        var manifest = ReadManifest(folder, isEncrypted ? secret : plain);
        await ProveAsync(folder, manifest, operation).ConfigureAwait(false);
        return (folder, manifest);
    }

    internal static async Task<WaDatabaseArchive> TestAsync(string path, string? password, Operation operation)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (folder, manifest) = await OpenAsync(path, password, operation).ConfigureAwait(false);
        var tables = manifest.Databases.SelectMany(database => database.Tables.Select(table => new WaTableCopy
        {
            Database = database.Model.Name,
            Table = table.Name,
            Rows = table.Chunks.Sum(chunk => chunk.Rows),
            Bytes = table.Chunks.Sum(chunk => chunk.Bytes),
            Digest = table.Chunks.Aggregate(TableDigest.Empty, (sum, chunk) => sum.Plus(chunk.Digest)).Text,
            State = WaTableState.Copied,
        })).ToList();
        return Describe(path, new ArchiveContent(manifest.Databases, manifest.Files, manifest.NamePrefix, manifest.Server), tables, watch.Elapsed, folder.Cipher is not null);
    }

    internal static WaDatabaseArchive Describe(string path, ArchiveContent content, IReadOnlyList<WaTableCopy> tables, TimeSpan time, bool isEncrypted) => new()
    {
        Path = path,
        Databases = [.. content.Databases.Select(database => database.Model.Name)],
        NamePrefix = content.NamePrefix,
        ServerVersion = content.Server.Version,
        DatabaseEngine = content.Server.Engine,
        IsEncrypted = isEncrypted,
        Rows = tables.Sum(table => table.Rows),
        Bytes = tables.Sum(table => table.Bytes),
        FileBytes = content.Files.Sum(file => file.Length),
        Seconds = Math.Round(time.TotalSeconds, 3),
        Tables = [.. tables],
    };

    private static ArchiveManifest ReadManifest(ArchiveFolder folder, string file)
    {
        byte[] bytes;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var open = folder.Cipher is null ? null : new DecryptingStream(stream, folder.Cipher, ArchiveFolder.ManifestName);
            using var content = new MemoryStream();
            ((Stream?)open ?? stream).CopyTo(content);
            bytes = content.ToArray();

            // A byte that is no text would pass as another that is none.
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number > ArchiveManifest.CurrentFormat && IsWhole(document, bytes))
            {
                throw ArchiveErrors.ArchiveFormatNewer.Error(folder.Root, number, ArchiveManifest.CurrentFormat);
            }

            return IsWhole(document, bytes) && JsonSerializer.Deserialize<ArchiveManifest>(bytes, ArchiveFolder.Json) is { } manifest
                ? manifest
                : throw ArchiveErrors.ArchiveDamaged.Error(file, null, [], DatabaseText.Catalog["ArchiveOtherContent"]);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or IOException or DecoderFallbackException)
        {
            throw ArchiveErrors.ArchiveDamaged.Error(file, failure, [], failure.Message);
        }
    }

    private static bool IsWhole(JsonDocument document, byte[] bytes) =>
        document.RootElement.TryGetProperty("mac", out var mac) && mac.ValueKind == JsonValueKind.String && mac.GetString() is { Length: 64 } mark
        && string.Equals(ArchiveFolder.MacOf(bytes, mark), mark, StringComparison.Ordinal);

    private static async Task ProveAsync(ArchiveFolder folder, ArchiveManifest manifest, Operation operation)
    {
        var known = new HashSet<string>(manifest.Files.Select(file => file.Path), StringComparer.Ordinal) { folder.Stored(ArchiveFolder.ManifestName) };
        var root = Path.GetFullPath(folder.Root).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        foreach (var there in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (!known.Contains(there.Substring(root.Length).Replace(Path.DirectorySeparatorChar, '/')))
            {
                throw ArchiveErrors.ArchiveHasExtraFile.Error(there);
            }
        }

        var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("TestActivity", folder.Root), manifest.Files.Sum(file => file.Length));
        try
        {
            using var pool = new CopyPool(2);
            foreach (var file in manifest.Files)
            {
                pool.Add(new CopyJob(file.Length, false, stop =>
                {
                    Prove(folder.FullPath(file.Path), file, stop);
                    progress.ChunkDone(file.Length, 0);
                    progress.Moved((int)Math.Min(int.MaxValue, file.Length), file.Path);
                    return Task.CompletedTask;
                }));
            }

            await pool.RunAsync(operation.Cancellation).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }

    private static void Prove(string full, ArchiveFile file, CancellationToken cancellation)
    {
        if (!File.Exists(full))
        {
            throw ArchiveErrors.ArchiveFileMissing.Error(full);
        }

        using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024);
        using var sha = System.Security.Cryptography.SHA256.Create();
        var block = new byte[256 * 1024];
        while (stream.Read(block, 0, block.Length) is > 0 and var read)
        {
            cancellation.ThrowIfCancellationRequested();
            sha.TransformBlock(block, 0, read, null, 0);
        }

        sha.TransformFinalBlock([], 0, 0);
        if (stream.Length != file.Length || !string.Equals(Sha256.Text(sha.Hash!), file.Sha256, StringComparison.Ordinal))
        {
            throw ArchiveErrors.ArchiveDamaged.Error(full, null, [], DatabaseText.Catalog["ArchiveOtherContent"]);
        }
    }
}
