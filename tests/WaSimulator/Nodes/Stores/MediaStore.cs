using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>The media of messageStore: which file an id stands for.</summary>
internal sealed class MediaStore(IStore messages, SimClock clock)
{
    public Task<bool> AddAsync(string id, string? messageId, string path, string mimeType, long size, CancellationToken cancellationToken) =>
        messages.InsertMissingAsync(
            "media",
            ["media_id"],
            [
                ("media_id", id), ("message_id", messageId), ("path", path), ("mime_type", mimeType),
                ("size_bytes", size), ("created_at", clock.NowMilliseconds),
            ],
            cancellationToken);

    public Task<MediaRow?> FindAsync(string id, CancellationToken cancellationToken) => messages.FirstAsync(
        "select path, mime_type from media where media_id = @id",
        reader => new MediaRow(reader.GetString(0), reader.GetString(1)),
        cancellationToken,
        ("id", id));

    public Task<int> RemoveAsync(string id, CancellationToken cancellationToken) =>
        messages.ExecuteAsync("delete from media where media_id = @id", cancellationToken, ("id", id));
}

/// <summary>The file of an id.</summary>
internal sealed record MediaRow(string Path, string MimeType);
