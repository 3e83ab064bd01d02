using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>callbackStore: what the webhook has not taken yet.</summary>
internal sealed class CallbackStore(IStore store, SimClock clock)
{
    public Task<bool> AddAsync(string eventId, int shard, string payload, CancellationToken cancellationToken)
    {
        var now = clock.NowMilliseconds;
        return store.InsertMissingAsync(
            "callbacks",
            ["event_id"],
            [("event_id", eventId), ("shard", shard), ("payload", payload), ("created_at", now), ("next_attempt_at", now)],
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredCallback>> DueAsync(int shard, int limit, CancellationToken cancellationToken) => store.QueryAsync(
        "select id, payload, attempts from callbacks where shard = @shard and next_attempt_at <= @now order by id limit @limit",
        reader => new StoredCallback(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2)),
        cancellationToken,
        ("shard", shard),
        ("now", clock.NowMilliseconds),
        ("limit", limit));

    public Task TakenAsync(long id, CancellationToken cancellationToken) =>
        store.ExecuteAsync("delete from callbacks where id = @id", cancellationToken, ("id", id));

    public Task PostponeAsync(long id, long until, string error, CancellationToken cancellationToken) => store.ExecuteAsync(
        "update callbacks set attempts = attempts + 1, next_attempt_at = @until, last_error = @error where id = @id",
        cancellationToken,
        ("until", until),
        ("error", error.Length > 255 ? error[..255] : error),
        ("id", id));

    /// <summary>A webhook was set anew: nothing waits for an earlier one's back-off.</summary>
    public Task RetryAllAsync(int shard, CancellationToken cancellationToken) => store.ExecuteAsync(
        "update callbacks set next_attempt_at = created_at where shard = @shard", cancellationToken, ("shard", shard));

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        store.CountAsync("select count(*) from callbacks", cancellationToken);
}

/// <summary>A callback in the database.</summary>
internal sealed record StoredCallback(long Id, string Payload, int Attempts);
