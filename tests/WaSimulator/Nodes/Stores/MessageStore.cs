using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>messageStore and jobqueueStore: messages, their receipts, and those still to be sent.</summary>
internal sealed class MessageStore(IStore messages, IStore jobs, SimClock clock)
{
    public async Task AcceptAsync(string id, string recipient, string type, string body, int shard, CancellationToken cancellationToken)
    {
        var now = clock.NowMilliseconds;
        await messages.ExecuteAsync(
            "insert into messages (message_id, from_me, contact_id, type, body, status, created_at, updated_at) " +
            "values (@id, @mine, @contact, @type, @body, 'pending', @now, @now)",
            cancellationToken,
            ("id", id),
            ("mine", true),
            ("contact", recipient),
            ("type", type),
            ("body", body),
            ("now", now));
        await jobs.ExecuteAsync(
            "insert into jobs (message_id, shard, recipient_id, payload, created_at) values (@id, @shard, @contact, @payload, @now)",
            cancellationToken,
            ("id", id),
            ("shard", shard),
            ("contact", recipient),
            ("payload", body),
            ("now", now));
    }

    public Task<IReadOnlyList<Job>> JobsAsync(int shard, int limit, CancellationToken cancellationToken) => jobs.QueryAsync(
        "select message_id, recipient_id, payload, created_at from jobs where shard = @shard order by id limit @limit",
        reader => new Job(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)),
        cancellationToken,
        ("shard", shard),
        ("limit", limit));

    public Task FinishJobAsync(string id, CancellationToken cancellationToken) =>
        jobs.ExecuteAsync("delete from jobs where message_id = @id", cancellationToken, ("id", id));

    /// <summary>Stores a status; false when this one was stored before.</summary>
    public async Task<bool> ReceiptAsync(string id, string contact, string status, CancellationToken cancellationToken)
    {
        var now = clock.NowMilliseconds;
        var isNew = await messages.InsertMissingAsync(
            "message_receipt_log",
            ["message_id", "status"],
            [("message_id", id), ("contact_id", contact), ("status", status), ("received_at", now)],
            cancellationToken);
        if (isNew)
        {
            await messages.ExecuteAsync(
                "update messages set status = @status, updated_at = @now where message_id = @id",
                cancellationToken,
                ("status", status),
                ("now", now),
                ("id", id));
        }

        return isNew;
    }

    public Task<bool> InboundAsync(string id, string contact, string type, string body, CancellationToken cancellationToken)
    {
        var now = clock.NowMilliseconds;
        return messages.InsertMissingAsync(
            "messages",
            ["message_id"],
            [
                ("message_id", id), ("from_me", false), ("contact_id", contact), ("type", type), ("body", body),
                ("status", "received"), ("created_at", now), ("updated_at", now),
            ],
            cancellationToken);
    }

    /// <summary>Deletes finished messages that are older than the limit, with their receipts.</summary>
    public async Task<int> CollectAsync(long olderThan, CancellationToken cancellationToken)
    {
        const string Finished = "status in ('delivered', 'read', 'failed', 'received') and created_at < @limit";
        await messages.ExecuteAsync(
            $"delete from message_receipt_log where message_id in (select message_id from messages where {Finished})",
            cancellationToken,
            ("limit", olderThan));
        return await messages.ExecuteAsync($"delete from messages where {Finished}", cancellationToken, ("limit", olderThan));
    }

    public Task<long> CountMessagesAsync(CancellationToken cancellationToken) =>
        messages.CountAsync("select count(*) from messages", cancellationToken);

    public Task<long> CountReceiptsAsync(CancellationToken cancellationToken) =>
        messages.CountAsync("select count(*) from message_receipt_log", cancellationToken);

    public Task<long> CountPendingAsync(CancellationToken cancellationToken) =>
        jobs.CountAsync("select count(*) from jobs", cancellationToken);
}

/// <summary>A message that waits to be sent.</summary>
internal sealed record Job(string MessageId, string Recipient, string Payload, long CreatedAt);
