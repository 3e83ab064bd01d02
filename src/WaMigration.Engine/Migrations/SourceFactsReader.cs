using System.Text.Json.Nodes;
using WaMigration.Containers;
using WaMigration.Databases;

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
            Topology = TopologyRecord.From(await TopologyReader.ReadAsync(source, operation).ConfigureAwait(false)),
            Databases = await DatabasesAsync(source, operation).ConfigureAwait(false) ?? kept?.Databases ?? [],
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

    /// <summary>Names alone, for the list of what is kept; null where the server cannot be asked.</summary>
    private static async Task<IReadOnlyList<string>?> DatabasesAsync(WaSetup source, Operation operation)
    {
        if (source.Database is not { } server)
        {
            return null;
        }

        try
        {
            var databases = await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false);
            return [.. databases.Where(database => !database.IsUnclassified).Select(database => database.Name)];
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }
}
