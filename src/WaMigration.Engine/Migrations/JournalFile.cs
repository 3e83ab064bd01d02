using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Security;

namespace WaMigration.Migrations;

/// <summary>
/// events.jsonl: one line an event, appended and synced before the writer goes on. A last line that was cut off is
/// dropped: its writer never went on. A broken line elsewhere means that something else wrote into the file, and then
/// it cannot be trusted.
/// </summary>
internal sealed class JournalFile : IOperationJournal, IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    private readonly object gate = new();
    private readonly List<JournalEvent> events;
    private readonly FileStream? file;
    private readonly TimeProvider time;

    private JournalFile(List<JournalEvent> events, FileStream? file, TimeProvider time)
    {
        this.events = events;
        this.file = file;
        this.time = time;
    }

    /// <summary>False where it is only read, or the migration only planned.</summary>
    public bool IsKept => file is not null;

    public bool IsPlanned => file is null;

    /// <summary>All events, oldest first.</summary>
    internal IReadOnlyList<JournalEvent> Events
    {
        get
        {
            lock (gate)
            {
                return [.. events];
            }
        }
    }

    /// <summary>Opens the journal of a run, made where it is missing.</summary>
    internal static JournalFile Open(string path, Operation operation)
    {
        var file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            using var content = new MemoryStream();
            file.CopyTo(content);
            var (events, good, terminated) = Parse(content.ToArray(), path);
            if (good < file.Length)
            {
                operation.Console.Verbose(MigrationText.Catalog.Format("TornEvent", path, file.Length - good));
                file.SetLength(good);
            }

            file.Seek(good, SeekOrigin.Begin);
            if (!terminated)
            {
                file.WriteByte((byte)'\n');
            }

            file.Flush(flushToDisk: true);
            return new JournalFile(events, file, operation.Time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the journal without keeping it open; what is written to it is not kept.</summary>
    internal static JournalFile ReadOnly(string path, Operation operation)
    {
        if (!File.Exists(path))
        {
            return Empty(operation.Time);
        }

        var (events, _, _) = Parse(PrivateFiles.ReadShared(path), path);
        return new JournalFile(events, null, operation.Time);
    }

    /// <summary>The journal of a migration that is only planned.</summary>
    internal static JournalFile Empty(TimeProvider time) => new([], null, time);

    public void Write(string kind, string setup, params (string Name, string Value)[] values) =>
        Append(new JournalEvent(time.GetUtcNow(), kind, setup, values.ToDictionary(value => value.Name, value => value.Value)));

    public JournalEvent? Last(string kind, string setup)
    {
        lock (gate)
        {
            return events.FindLast(entry => entry.Kind == kind && entry.Setup == setup);
        }
    }

    /// <summary>Takes over an event with the time that it has (of the other company's journal).</summary>
    internal void Append(JournalEvent entry)
    {
        lock (gate)
        {
            if (file is null)
            {
                return;
            }

            var line = JsonSerializer.SerializeToUtf8Bytes(entry, Json);
            var end = file.Position;
            try
            {
                file.Write(line, 0, line.Length);
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Half a line must not stay in front of the next one.
                file.SetLength(end);
                file.Seek(end, SeekOrigin.Begin);
                throw;
            }

            events.Add(entry);
        }
    }

    public void Dispose() => file?.Dispose();

    private static (List<JournalEvent> Events, long Good, bool Terminated) Parse(byte[] content, string path)
    {
        var events = new List<JournalEvent>();
        var start = 0;
        var number = 0;
        while (start < content.Length)
        {
            number++;
            var newline = Array.IndexOf(content, (byte)'\n', start);
            var end = newline < 0 ? content.Length : newline;
            if (ParseLine(content, start, end) is not { } entry)
            {
                if (newline < 0)
                {
                    return (events, start, true);
                }

                throw MigrationErrors.MigrationJournalDamaged.Error(path, number, Encoding.UTF8.GetString(content, start, Math.Min(end - start, 200)));
            }

            events.Add(entry);
            if (newline < 0)
            {
                return (events, content.Length, false);
            }

            start = newline + 1;
        }

        return (events, content.Length, true);
    }

    private static JournalEvent? ParseLine(byte[] content, int start, int end)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<JournalEvent>(content.AsSpan(start, end - start), Json);
            return entry is { Kind.Length: > 0, Setup: not null, Values: not null } ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
