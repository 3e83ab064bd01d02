using System.Text;
using System.Text.Json.Nodes;
using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>configStore: settings, registration, webhook CA, media providers.</summary>
internal sealed class ConfigStore(IStore store, SimClock clock)
{
    public IStore Store { get; } = store;

    /// <summary>What was set, by field; everything else has its default.</summary>
    public async Task<JsonObject> SettingsAsync(CancellationToken cancellationToken)
    {
        var rows = await Store.QueryAsync(
            "select skey, svalue from settings order by skey",
            reader => (Key: reader.GetString(0), Value: reader.GetString(1)),
            cancellationToken);
        return new JsonObject(rows.Select(row => KeyValuePair.Create(row.Key, JsonNode.Parse(row.Value))));
    }

    public async Task PutSettingsAsync(JsonObject fields, CancellationToken cancellationToken)
    {
        await Store.TransactAsync(
            async session =>
            {
                await WriteSettingsAsync(session, fields, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public Task ResetSettingsAsync(CancellationToken cancellationToken) =>
        Store.ExecuteAsync("delete from settings", cancellationToken);

    public Task<Registration?> RegistrationAsync(CancellationToken cancellationToken) => Store.FirstAsync(
        "select number, country_code, vname, registration_id, secret, shards, registered_at from registration where id = 1",
        reader => new Registration(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetInt32(3),
            Encoding.UTF8.GetString((byte[])reader.GetValue(4)),
            reader.GetInt32(5),
            reader.GetInt64(6)),
        cancellationToken);

    /// <summary>Replaces the registration, and the settings too where some are given.</summary>
    public async Task ReplaceAsync(
        IStoreSession session,
        Registration registration,
        JsonObject? settings,
        long? restoredAt,
        CancellationToken cancellationToken)
    {
        await session.UpsertAsync(
            "registration",
            [("id", 1)],
            [
                ("number", registration.Number),
                ("country_code", registration.CountryCode),
                ("vname", registration.Name),
                ("registration_id", registration.RegistrationId),
                ("secret", Encoding.UTF8.GetBytes(registration.Secret)),
                ("shards", registration.Shards),
                ("registered_at", registration.RegisteredAt),
                ("restored_at", restoredAt),
            ],
            cancellationToken);
        if (settings is not null)
        {
            await session.ExecuteAsync("delete from settings", cancellationToken);
            await WriteSettingsAsync(session, settings, cancellationToken);
        }
    }

    public async Task<string?> WebhookCaAsync(CancellationToken cancellationToken) =>
        await Store.FirstAsync("select pem from webhook_ca where id = 1", reader => reader.GetString(0), cancellationToken);

    public Task PutWebhookCaAsync(string pem, CancellationToken cancellationToken) => Store.UpsertAsync(
        "webhook_ca", [("id", 1)], [("pem", pem), ("updated_at", clock.NowMilliseconds)], cancellationToken);

    public Task DeleteWebhookCaAsync(CancellationToken cancellationToken) =>
        Store.ExecuteAsync("delete from webhook_ca", cancellationToken);

    public async Task<JsonArray> MediaProvidersAsync(CancellationToken cancellationToken)
    {
        var rows = await Store.QueryAsync(
            "select config from media_providers order by name", reader => JsonNode.Parse(reader.GetString(0)), cancellationToken);
        return [.. rows];
    }

    public Task PutMediaProviderAsync(string name, string type, JsonObject config, CancellationToken cancellationToken) =>
        Store.UpsertAsync("media_providers", [("name", name)], [("type", type), ("config", config.ToJsonString())], cancellationToken);

    public async Task<bool> DeleteMediaProviderAsync(string name, CancellationToken cancellationToken) =>
        await Store.ExecuteAsync("delete from media_providers where name = @name", cancellationToken, ("name", name)) > 0;

    private async Task WriteSettingsAsync(IStoreSession session, JsonObject fields, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in fields)
        {
            await session.UpsertAsync(
                "settings",
                [("skey", key)],
                [("svalue", value?.ToJsonString() ?? "null"), ("updated_at", clock.NowMilliseconds)],
                cancellationToken);
        }
    }
}
