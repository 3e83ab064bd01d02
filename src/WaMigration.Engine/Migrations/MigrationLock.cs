using System.Diagnostics;
using System.Text.Json;
using WaMigration.Security;

namespace WaMigration.Migrations;

/// <summary>Who runs a migration.</summary>
internal sealed record LockHolder(int ProcessId, string Host, string User, DateTimeOffset Since);

/// <summary>
/// Keeps a second run out of a migration's folder. The operating system holds the lock for the process, so it is gone
/// with it, however it ends; a file that merely lies there would have to be guessed about.
/// </summary>
internal sealed class MigrationLock : IDisposable
{
    /// <summary>Somebody who merely looks whether it is held holds it for a moment himself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream file;

    private MigrationLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock.</summary>
    internal static async Task<MigrationLock> AcquireAsync(string folder, Operation operation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (TryOpen(folder) is { } file)
            {
                var now = operation.Time.GetUtcNow();
                PrivateFiles.Replace(Path.Combine(folder, MigrationFiles.LockHolder), JsonSerializer.SerializeToUtf8Bytes(CurrentProcess(now)));
                return new MigrationLock(file);
            }

            if (waited.Elapsed > Patience)
            {
                var unknown = MigrationText.Catalog["UnknownHolder"];
                var holder = ReadHolder(folder);
                throw MigrationErrors.MigrationIsRunning.Error(
                    folder,
                    holder?.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? unknown,
                    holder?.Host ?? unknown,
                    holder?.User ?? unknown,
                    holder?.Since.ToLocalTime().ToString("G", System.Globalization.CultureInfo.CurrentCulture) ?? unknown);
            }

            await Task.Delay(RetryInterval, operation.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Who holds the lock now; null where nobody does.</summary>
    internal static LockHolder? CurrentHolder(string folder)
    {
        var path = Path.Combine(folder, MigrationFiles.Lock);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (IOException)
        {
            return ReadHolder(folder) ?? new LockHolder(0, string.Empty, string.Empty, DateTimeOffset.MinValue);
        }
        catch (UnauthorizedAccessException)
        {
            // Only its owner can hold it, and this process is another user's: what the file says is all there is.
            return null;
        }
    }

    public void Dispose() => file.Dispose();

    private static FileStream? TryOpen(string folder)
    {
        try
        {
            return PrivateFiles.Open(Path.Combine(folder, MigrationFiles.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static LockHolder CurrentProcess(DateTimeOffset now)
    {
        using var process = Process.GetCurrentProcess();
        return new LockHolder(process.Id, Environment.MachineName, Environment.UserName, now);
    }

    private static LockHolder? ReadHolder(string folder)
    {
        var path = Path.Combine(folder, MigrationFiles.LockHolder);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<LockHolder>(PrivateFiles.ReadShared(path)) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            // Only a name for the message is lost.
            return null;
        }
    }
}
