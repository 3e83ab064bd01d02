using System.Text.Json.Nodes;

namespace WaMigration.Setups.Information;

/// <summary>Sends single messages: a test after a migration, or one by hand.</summary>
internal static class Messages
{
    internal static Task<WaMessage> SendTextAsync(WaSetup setup, string to, string text, Operation operation) => SendAsync(
        setup,
        to,
        new JsonObject
        {
            ["type"] = "text",
            ["recipient_type"] = "individual",
            ["preview_url"] = false,
            ["text"] = new JsonObject { ["body"] = text },
        },
        operation);

    /// <summary>A template reaches also those who did not write within 24 hours.</summary>
    internal static Task<WaMessage> SendTemplateAsync(
        WaSetup setup, string to, string template, string templateNamespace, string language, IReadOnlyList<string> parameters, Operation operation)
    {
        var body = new JsonObject
        {
            ["name"] = template,
            ["namespace"] = templateNamespace,
            ["language"] = new JsonObject { ["policy"] = "deterministic", ["code"] = language },
        };
        if (parameters.Count > 0)
        {
            body["components"] = new JsonArray(new JsonObject
            {
                ["type"] = "body",
                ["parameters"] = new JsonArray([.. parameters.Select(value => new JsonObject { ["type"] = "text", ["text"] = value })]),
            });
        }

        return SendAsync(setup, to, new JsonObject { ["type"] = "template", ["template"] = body }, operation);
    }

    private static async Task<WaMessage> SendAsync(WaSetup setup, string to, JsonObject message, Operation operation)
    {
        var number = SupportFacts.NumberOf(to) ?? throw MessageErrors.ReceiverNotUsable.Error(to);
        message["to"] = number;
        if (!operation.PlanOnly)
        {
            // On copied databases there are receipts of before.
            var receipts = setup.Journal.IsKept ? await Statistics.ReceiptsAsync(setup, operation).ConfigureAwait(false) : null;
            setup.Journal.Write(JournalKinds.TestMessageSending, setup.Name, ("to", number), ("receiptsBefore", receipts?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty));
        }

        var id = await setup.Api(operation).SendMessageAsync(message, operation.Cancellation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(JournalKinds.TestMessageAccepted, setup.Name, ("to", number), ("id", id));
        }

        return new WaMessage(id, number, setup.Name, operation.Time.GetUtcNow());
    }
}
