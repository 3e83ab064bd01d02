using System.Text.Json.Nodes;

namespace WaMigration.Migrations;

/// <summary>Reads what will be needed of the old client once it is gone.</summary>
internal static class SourceFactsReader
{
    /// <summary>
    /// The facts of now; those of an earlier run where the old side is the other company's or is being taken down. What
    /// step 3 may have cleared already is not read again.
    /// </summary>
    internal static async Task<SourceFacts?> ReadAsync(MigrationRun run, Operation operation)
    {
        var kept = run.Record.SourceFacts;
        var now = run.Snapshot();
        if (run.Source is not { State: WaSetupState.Running } source || now.SourceIsGoing)
        {
            return kept;
        }

        var facts = new SourceFacts
        {
            ReadAt = operation.Time.GetUtcNow(),
            PhoneNumber = source.PhoneNumber ?? kept?.PhoneNumber,
            Topology = kept?.Topology,
            Databases = kept?.Databases ?? [],
        };
        if (now.Has(source.Name, JournalKinds.WebhookClearing))
        {
            return facts with { WebhookUri = kept?.WebhookUri, WebhookCaCertificate = kept?.WebhookCaCertificate };
        }

        var api = source.Api(operation);
        var settings = await api.GetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false);
        return facts with
        {
            WebhookUri = (settings["webhooks"] as JsonObject)?["url"]?.ToString() is { Length: > 0 } url ? url : null,
            WebhookCaCertificate = await api.GetWebhookCaAsync(operation.Cancellation).ConfigureAwait(false),
        };
    }
}
