using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>contactStore: who is on WhatsApp.</summary>
internal sealed class ContactStore(IStore store, SimClock clock)
{
    public Task PutAsync(string id, CancellationToken cancellationToken) => store.UpsertAsync(
        "contacts", [("wa_id", id)], [("is_whatsapp_user", true), ("checked_at", clock.NowMilliseconds)], cancellationToken);

    public Task InboundAsync(string id, string? name, CancellationToken cancellationToken) => store.UpsertAsync(
        "contacts",
        [("wa_id", id)],
        [("display_name", name), ("is_whatsapp_user", true), ("last_inbound_at", clock.NowMilliseconds), ("checked_at", clock.NowMilliseconds)],
        cancellationToken);

    public async Task<(long Users, long Others)> CountAsync(CancellationToken cancellationToken)
    {
        var rows = await store.QueryAsync(
            "select is_whatsapp_user, count(*) from contacts group by is_whatsapp_user",
            reader => (User: Convert.ToBoolean(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), Count: reader.GetInt64(1)),
            cancellationToken);
        return (rows.Where(row => row.User).Sum(row => row.Count), rows.Where(row => !row.User).Sum(row => row.Count));
    }
}
