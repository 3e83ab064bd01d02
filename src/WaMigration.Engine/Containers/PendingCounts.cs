using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Databases;
using WaMigration.Setups;

namespace WaMigration.Containers;

/// <summary>How much a client has not delivered yet: messages to send, callbacks that its webhook has not taken.</summary>
internal sealed record PendingCounts(long Messages, long Callbacks, string From)
{
    internal bool IsNone => Messages == 0 && Callbacks == 0;

    /// <summary>From the statistics of the running client; null where they do not tell.</summary>
    internal static async Task<PendingCounts?> FromApiAsync(WaSetup setup, Operation operation)
    {
        var api = setup.Api(operation).WithoutRepeats;
        try
        {
            var database = await api.GetStatisticsAsync("db", operation.Cancellation).ConfigureAwait(false);
            var messages = Sum(database, "db_pending_messages");
            var callbacks = Sum(database, "db_pending_callbacks");
            var queue = Sum(await api.GetStatisticsAsync("app", operation.Cancellation).ConfigureAwait(false), "callback_queue_size");

            // A callback that is kept in the database is in the queue as well: the larger number is the right one.
            return messages is null || (callbacks is null && queue is null)
                ? null
                : new PendingCounts(messages.Value, Math.Max(callbacks ?? 0, queue ?? 0), ContainerText.Catalog["FromStatistics"]);
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }

    /// <summary>From its databases; null where they cannot be asked.</summary>
    internal static async Task<PendingCounts?> FromDatabasesAsync(WaSetup setup, Operation operation)
    {
        try
        {
            if (await DatabaseDiscovery.EnsureAsync(setup, operation).ConfigureAwait(false) is not { } server)
            {
                return null;
            }

            var tables = await PendingWork.CountAsync(server, operation).ConfigureAwait(false);
            return new PendingCounts(
                tables.Where(table => table.Store == ClientStores.Jobqueue).Sum(table => table.Rows),
                tables.Where(table => table.Store == ClientStores.Callback).Sum(table => table.Rows),
                ContainerText.Catalog["FromDatabases"]);
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }

    /// <summary>The sum over nodes and labels of one metric; null where no node has it.</summary>
    private static long? Sum(JsonObject statistics, string metric)
    {
        long? sum = null;
        foreach (var item in statistics)
        {
            if (item.Value is not JsonObject value)
            {
                continue;
            }

            var part = item.Key == metric && value["data"] is JsonArray data
                ? data.OfType<JsonObject>().Sum(Number)
                : Sum(value, metric);
            sum = part is null ? sum : (sum ?? 0) + part;
        }

        return sum;
    }

    private static long Number(JsonObject sample) =>
        double.TryParse(sample["value"]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? (long)value : 0;
}
