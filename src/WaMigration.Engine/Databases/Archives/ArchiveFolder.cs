using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Databases.Copying;
using WaMigration.Security;
using ZstdSharp;

namespace WaMigration.Databases.Archives;

/// <summary>The files of an archive: written whole or not at all, encrypted where there is a key, read with proof.</summary>
internal sealed class ArchiveFolder(string root, ArchiveCipher? cipher)
{
    internal const string ManifestName = "manifest.json";
    internal const string ProgressName = "progress.jsonl";
    internal const string EncryptedSuffix = ".enc";
    private const int BlockSize = 256 * 1024;

    internal static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    internal string Root { get; } = root;

    internal ArchiveCipher? Cipher { get; } = cipher;

    internal string Stored(string path) => Cipher is null ? path : path + EncryptedSuffix;

    internal string FullPath(string stored) => Path.Combine([Root, .. stored.Split('/')]);

    /// <summary>Writes a file from what is handed over; gives its length and hash on disk.</summary>
    internal async Task<ArchiveFile> WriteAsync(string path, bool compress, int level, Func<Func<byte[], int, Task>, Task> produce)
    {
        var stored = Stored(path);
        var full = FullPath(stored);
        var temporary = full + PrivateFiles.TemporarySuffix;
        PrivateFiles.CreateFolder(Path.GetDirectoryName(full)!);
        try
        {
            File.Delete(temporary);
            ArchiveFile result;
            using (var file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            using (var sha = SHA256.Create())
            {
                using (var hashed = new HashingStream(file, sha))
                using (var secret = Cipher is null ? null : new EncryptingStream(hashed, Cipher, path))
                {
                    var inner = (Stream?)secret ?? hashed;
                    using (var packed = compress ? new CompressionStream(inner, level, leaveOpen: true) : null)
                    {
                        var outer = (Stream?)packed ?? inner;
                        await produce((block, count) =>
                        {
                            outer.Write(block, 0, count);
                            return Task.CompletedTask;
                        }).ConfigureAwait(false);
                    }

                    secret?.End();
                }

                sha.TransformFinalBlock([], 0, 0);
                file.Flush(flushToDisk: true);
                result = new ArchiveFile(stored, file.Length, Sha256.Text(sha.Hash!));
            }

            PrivateFiles.MoveOver(temporary, full);
            return result;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw ArchiveErrors.ArchiveWriteFailed.Error(full, failure, [], failure.Message);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    internal Task<ArchiveFile> WriteTextAsync(string path, string text) => WriteAsync(path, compress: false, 0, write =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return write(bytes, bytes.Length);
    });

    /// <summary>Reads a file as it was before it was packed and encrypted, and proves its hash at the end.</summary>
    internal async Task<long> ReadAsync(string path, ArchiveFile file, Func<byte[], int, Task> write, CancellationToken cancellation)
    {
        var full = FullPath(file.Path);
        try
        {
            var bytes = 0L;
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, BlockSize);
            using var sha = SHA256.Create();
            using var hashed = new HashingStream(stream, sha);
            using var plain = Cipher is null ? null : new DecryptingStream(hashed, Cipher, path);
            using var rows = new DecompressionStream((Stream?)plain ?? hashed, leaveOpen: true);
            var block = new byte[BlockSize];
            while (rows.Read(block, 0, block.Length) is > 0 and var read)
            {
                cancellation.ThrowIfCancellationRequested();
                await write(block, read).ConfigureAwait(false);
                bytes += read;
            }

            hashed.ReadToEnd();
            return string.Equals(Sha256.Text(sha.Hash!), file.Sha256, StringComparison.Ordinal)
                ? bytes
                : throw ArchiveErrors.ArchiveDamaged.Error(full, null, [], DatabaseText.Catalog["ArchiveOtherContent"]);
        }
        catch (Exception failure) when (failure is InvalidDataException or ZstdException or IOException or UnauthorizedAccessException)
        {
            throw ArchiveErrors.ArchiveDamaged.Error(full, failure, [], failure.Message);
        }
    }

    /// <summary>The bytes that the manifest's mark stands for: all of it, the mark itself as zeros.</summary>
    internal static string MacOf(byte[] manifest, string mac)
    {
        var text = Encoding.UTF8.GetString(manifest);
        var at = text.LastIndexOf(mac, StringComparison.Ordinal);
        return at < 0 ? string.Empty : Sha256.Hex(Encoding.UTF8.GetBytes(text.Substring(0, at) + EmptyMac + text.Substring(at + mac.Length)));
    }

    internal static readonly string EmptyMac = new('0', 64);

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (IOException)
        {
            // What is left is a file that no manifest names; the next run overwrites it.
        }
    }
}
