using System.Globalization;
using System.Security.Cryptography;
using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>axolotlStore: the identity key, pre-keys, and a session with a message counter for each contact.</summary>
internal sealed class KeyStore(IStore store, SimClock clock)
{
    private const int Prekeys = 100;

    public IStore Store { get; } = store;

    public async Task<IdentityKeys?> IdentityAsync(CancellationToken cancellationToken) => await Store.FirstAsync(
        "select public_key, private_key from local_identity where id = 1",
        reader => new IdentityKeys(Convert.ToHexStringLower((byte[])reader.GetValue(0)), (byte[])reader.GetValue(1)),
        cancellationToken);

    public async Task<long> IdentityTimeAsync(CancellationToken cancellationToken) =>
        await Store.CountAsync("select created_at from local_identity where id = 1", cancellationToken);

    /// <summary>A new identity: with it all sessions end and their counters begin again.</summary>
    public async Task ReplaceAsync(IdentityKeys keys, int registrationId, CancellationToken cancellationToken)
    {
        await Store.TransactAsync(
            async session =>
            {
                await session.UpsertAsync(
                    "local_identity",
                    [("id", 1)],
                    [
                        ("registration_id", registrationId),
                        ("public_key", Convert.FromHexString(keys.PublicKey)),
                        ("private_key", keys.PrivateKey),
                        ("created_at", clock.NowMilliseconds),
                    ],
                    cancellationToken);
                await session.ExecuteAsync("delete from sessions", cancellationToken);
                await session.ExecuteAsync("delete from prekeys", cancellationToken);
                var rows = string.Join(", ", Enumerable.Range(1, Prekeys).Select(id => string.Create(CultureInfo.InvariantCulture, $"({id}, @k{id})")));
                await session.ExecuteAsync(
                    $"insert into prekeys (prekey_id, record) values {rows}",
                    cancellationToken,
                    [.. Enumerable.Range(1, Prekeys).Select(id => ($"k{id}", (object?)RandomNumberGenerator.GetBytes(64)))]);
                await session.UpsertAsync(
                    "signed_prekeys",
                    [("prekey_id", 1)],
                    [("record", RandomNumberGenerator.GetBytes(128)), ("created_at", clock.NowMilliseconds)],
                    cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>The next counter for the contact, stored before it is used.</summary>
    public async Task<long> NextCounterAsync(string recipient, CancellationToken cancellationToken)
    {
        return await Store.TransactAsync(
            async session =>
            {
                var row = new (string, object?)[]
                {
                    ("recipient_id", recipient), ("device_id", 0), ("record", RandomNumberGenerator.GetBytes(96)),
                    ("counter", 0L), ("updated_at", clock.NowMilliseconds),
                };
                if (await session.InsertMissingAsync("sessions", ["recipient_id", "device_id"], row, cancellationToken))
                {
                    await session.InsertMissingAsync(
                        "identities",
                        ["recipient_id", "device_id"],
                        [("recipient_id", recipient), ("device_id", 0), ("public_key", RandomNumberGenerator.GetBytes(33)), ("first_seen", clock.NowMilliseconds)],
                        cancellationToken);
                }

                await session.ExecuteAsync(
                    "update sessions set counter = counter + 1, record = @record, updated_at = @at where recipient_id = @id and device_id = 0",
                    cancellationToken,
                    ("record", RandomNumberGenerator.GetBytes(96)),
                    ("at", clock.NowMilliseconds),
                    ("id", recipient));
                return await session.CountAsync(
                    "select counter from sessions where recipient_id = @id and device_id = 0", cancellationToken, ("id", recipient));
            },
            cancellationToken);
    }
}
