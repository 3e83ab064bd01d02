using System.Text.Json.Nodes;

namespace WaLab.Webhooks;

/// <summary>One callback that a client delivered.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Status">What the receiver answered: only 200 counts as taken.</param>
/// <param name="Body">The callback: messages, statuses, contacts, services.</param>
public sealed record WebhookCall(DateTimeOffset Time, int Status, JsonObject Body)
{
    /// <summary>Taken by the receiver.</summary>
    public bool WasTaken => Status == 200;

    /// <summary>Message id and status of every status in it.</summary>
    public IEnumerable<(string Id, string Status)> Statuses =>
        (Body["statuses"] as JsonArray ?? []).Select(s => (s?["id"]?.GetValue<string>() ?? "", s?["status"]?.GetValue<string>() ?? ""));

    /// <summary>Sender and text of every text message in it.</summary>
    public IEnumerable<(string From, string Text)> Messages =>
        (Body["messages"] as JsonArray ?? []).Select(m => (m?["from"]?.GetValue<string>() ?? "", m?["text"]?["body"]?.GetValue<string>() ?? ""));
}
