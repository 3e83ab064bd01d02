using System.Globalization;
using System.Security;
using WaMigration.Databases.Archives;
using WaMigration.Security;

namespace WaMigration.Media.Archives;

/// <summary>
/// Media as files of a folder, under the names that they have in the volume, and a manifest with modes, times, owners and
/// hashes, which is written last. Encrypted, the files are numbered, and their names stand in the manifest alone.
/// </summary>
internal sealed class MediaArchive : IMediaSource, IMediaTarget
{
    private const string ManifestName = "manifest.json";
    private const string ProgressName = "progress.jsonl";
    private const string KeyName = "key.enc";
    private const int BlockSize = 128 * 1024;
    private readonly ArchiveCipher? cipher;
    private readonly Dictionary<string, MediaArchiveItem> items = new(StringComparer.Ordinal);
    private readonly HashSet<string> files = new(StringComparer.OrdinalIgnoreCase);
    private FileStream? progress;

    /// <summary>Then a file that is not there is damage, and not one that is yet to be written.</summary>
    private bool isSource;
    private int lines;

    private MediaArchive(string folder, ArchiveCipher? cipher)
    {
        Folder = folder;
        this.cipher = cipher;
    }

    public string Name => Folder;

    internal string Folder { get; }

    private string ManifestPath => Path.Combine(Folder, cipher is null ? ManifestName : ManifestName + ArchiveFolder.EncryptedSuffix);

    private string ProgressPath => Path.Combine(Folder, ProgressName);

    private string KeyPath => Path.Combine(Folder, KeyName);

    /// <summary>An archive that is whole.</summary>
    /// <exception cref="WaException">It is not, or the password is missing or wrong.</exception>
    internal static MediaArchive Open(string folder, SecureString? password)
    {
        var archive = new MediaArchive(folder, CipherOf(folder, password)) { isSource = true };
        if (!File.Exists(archive.ManifestPath))
        {
            throw (File.Exists(archive.ProgressPath) ? MediaErrors.MediaArchiveNotComplete : MediaErrors.MediaArchiveNotRecognised).Error(folder);
        }

        archive.ReadManifest();
        return archive;
    }

    /// <summary>A new archive, one that was cut off, or one that is there and is brought up to date. Nothing is written yet.</summary>
    /// <exception cref="WaException">Other files are in the folder, or the password is missing or wrong.</exception>
    internal static MediaArchive OpenOrCreate(string folder, SecureString? password)
    {
        var isEmpty = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
        if (isEmpty)
        {
            return new MediaArchive(folder, password is null ? null : ArchiveCipher.Create(password.Reveal()));
        }

        var archive = new MediaArchive(folder, CipherOf(folder, password));
        if (File.Exists(archive.ManifestPath))
        {
            archive.ReadManifest();
        }
        else if (!File.Exists(archive.ProgressPath) && !File.Exists(archive.KeyPath))
        {
            throw MediaErrors.MediaArchiveFolderNotEmpty.Error(folder);
        }

        archive.ReadProgress();
        return archive;
    }

    public Task<IReadOnlyDictionary<string, MediaEntry>> ListAsync(bool withHashes, Operation operation) =>
        Task.FromResult<IReadOnlyDictionary<string, MediaEntry>>(items.Values
            .Where(item => isSource || item.File.Length == 0 || File.Exists(FullPath(item.File)))
            .ToDictionary(item => item.Entry.Name, item => item.Entry, StringComparer.Ordinal));

    public Task<IReadOnlyDictionary<string, string>> HashAsync(IReadOnlyCollection<string> names, Operation operation) =>
        MediaReading.HashAsync(new ArchiveFeed(this, names.ToList()), operation);

    public IMediaFeed Open(IReadOnlyCollection<MediaEntry> wanted, long allBytes, Operation operation) =>
        new ArchiveFeed(this, wanted.Select(entry => entry.Name).ToList());

    public async Task WriteAsync(IMediaFeed feed, Operation operation)
    {
        try
        {
            while (await feed.NextAsync(operation.Cancellation).ConfigureAwait(false) is { } item)
            {
                Begin();
                await WriteAsync(item, operation.Cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.MediaArchiveWriteFailed.Error(Folder, failure, [], failure.Message);
        }
    }

    public Task CompleteAsync(Operation operation)
    {
        try
        {
            Begin();
            PrivateFiles.Replace(ManifestPath, Sealed(MediaArchiveText.Manifest(items.Values, operation.Time.GetUtcNow()), ManifestName));
            progress?.Dispose();
            progress = null;
            File.Delete(ProgressPath);
            return Task.CompletedTask;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.MediaArchiveWriteFailed.Error(Folder, failure, [], failure.Message);
        }
    }

    public void Dispose() => progress?.Dispose();

    /// <summary>By the file that tells the key; an archive without it is not encrypted.</summary>
    private static ArchiveCipher? CipherOf(string folder, SecureString? password)
    {
        var path = Path.Combine(folder, KeyName);
        if (!File.Exists(path))
        {
            return null;
        }

        if (password is null)
        {
            throw MediaErrors.MediaArchivePasswordMissing.Error(folder);
        }

        try
        {
            return ArchiveCipher.Open(PrivateFiles.ReadShared(path), password.Reveal()) ?? throw MediaErrors.MediaArchivePasswordWrong.Error(folder);
        }
        catch (InvalidDataException failure)
        {
            throw MediaErrors.MediaArchiveDamaged.Error(folder, failure, [], KeyName);
        }
    }

    private void Begin()
    {
        if (progress is not null)
        {
            return;
        }

        PrivateFiles.CreateFolder(Folder);
        if (cipher is not null && !File.Exists(KeyPath))
        {
            PrivateFiles.Replace(KeyPath, cipher.Header());
        }

        progress = PrivateFiles.Open(ProgressPath, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    private async Task WriteAsync(MediaItem item, CancellationToken cancellation)
    {
        var file = item.Entry.Kind == MediaKind.File ? FileFor(item.Entry.Name) : string.Empty;
        var entry = item.Entry;
        if (file.Length > 0)
        {
            entry = entry with { Sha256 = await WriteFileAsync(file, item, cancellation).ConfigureAwait(false) };
        }

        var written = new MediaArchiveItem(entry, file);
        items[entry.Name] = written;
        var line = MediaArchiveText.Line(written, cipher, lines++);
        progress!.Write(line, 0, line.Length);
        progress.Flush(flushToDisk: true);
    }

    private async Task<string> WriteFileAsync(string file, MediaItem item, CancellationToken cancellation)
    {
        var full = FullPath(file);
        PrivateFiles.CreateFolder(Path.GetDirectoryName(full)!);
        var temporary = full + PrivateFiles.TemporarySuffix;
        File.Delete(temporary);
        string hash;
        using (var stream = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        using (var sha = System.Security.Cryptography.SHA256.Create())
        {
            using var secret = cipher is null ? null : new EncryptingStream(stream, cipher, file);
            var output = (Stream?)secret ?? stream;
            var block = new byte[BlockSize];
            var left = item.Entry.Size;
            while (left > 0)
            {
                var read = await item.Content.ReadAsync(block, 0, (int)Math.Min(block.Length, left), cancellation).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException(item.Entry.Name);
                }

                output.Write(block, 0, read);
                sha.TransformBlock(block, 0, read, null, 0);
                left -= read;
            }

            secret?.End();
            stream.Flush(flushToDisk: true);
            sha.TransformFinalBlock([], 0, 0);
            hash = MediaReading.Text(sha.Hash!);
        }

        PrivateFiles.MoveOver(temporary, full);
        return hash;
    }

    /// <summary>The name that it has, where every file system takes it and it says nothing that is to be kept; else a number.</summary>
    private string FileFor(string name)
    {
        if (items.TryGetValue(name, out var known) && known.File.Length > 0)
        {
            return known.File;
        }

        if (cipher is null && PlainNames.IsUsable(name) && files.Add("media/" + name))
        {
            return "media/" + name;
        }

        string file;
        do
        {
            file = "numbered/" + (files.Count + 1).ToString("D6", CultureInfo.InvariantCulture);
        }
        while (!files.Add(file));
        return file;
    }

    private void ReadManifest()
    {
        var bytes = PrivateFiles.ReadShared(ManifestPath);
        try
        {
            if (cipher is not null)
            {
                using var content = new MemoryStream(bytes);
                using var plain = new DecryptingStream(content, cipher, ManifestName);
                using var all = new MemoryStream();
                plain.CopyTo(all);
                bytes = all.ToArray();
            }
        }
        catch (InvalidDataException failure)
        {
            throw MediaErrors.MediaArchiveDamaged.Error(ManifestPath, failure, [], MediaErrors.Phrase("DamagedManifest"));
        }

        foreach (var item in MediaArchiveText.Read(bytes, ManifestPath))
        {
            Take(item);
        }
    }

    private void ReadProgress()
    {
        if (!File.Exists(ProgressPath))
        {
            return;
        }

        foreach (var line in File.ReadAllLines(ProgressPath))
        {
            if (MediaArchiveText.ReadLine(line, cipher, lines) is { } item)
            {
                Take(item);
            }

            lines++;
        }
    }

    private void Take(MediaArchiveItem item)
    {
        items[item.Entry.Name] = item;
        if (item.File.Length > 0)
        {
            files.Add(item.File);
        }
    }

    private byte[] Sealed(byte[] content, string path)
    {
        if (cipher is null)
        {
            return content;
        }

        using var output = new MemoryStream();
        using (var secret = new EncryptingStream(output, cipher, path))
        {
            secret.Write(content, 0, content.Length);
            secret.End();
        }

        return output.ToArray();
    }

    private string FullPath(string file) => Path.Combine([Folder, .. file.Split('/')]);

    /// <summary>The entries of an archive, files with proof.</summary>
    private sealed class ArchiveFeed(MediaArchive archive, IReadOnlyList<string> names) : IMediaFeed
    {
        private Stream? open;
        private int at;

        public Task<MediaItem?> NextAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            open?.Dispose();
            open = null;
            if (at == names.Count)
            {
                return Task.FromResult<MediaItem?>(null);
            }

            var item = archive.items[names[at++]];
            open = item.File.Length == 0 ? Stream.Null : Proved(item);
            return Task.FromResult<MediaItem?>(new MediaItem(item.Entry, open));
        }

        public void Dispose() => open?.Dispose();

        private ProvedStream Proved(MediaArchiveItem item)
        {
            var path = archive.FullPath(item.File);
            WaException Damaged(string reason, Exception? cause) => MediaErrors.MediaArchiveDamaged.Error(path, cause, [], reason);
            Stream? file = null;
            try
            {
                file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockSize);
                return new ProvedStream(archive.cipher is null ? file : new DecryptingStream(file, archive.cipher, item.File), item.Entry, Damaged);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                file?.Dispose();
                throw Damaged(failure.Message, failure);
            }
        }
    }
}
