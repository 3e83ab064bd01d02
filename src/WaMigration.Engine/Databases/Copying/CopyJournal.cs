using System.Globalization;
using WaMigration.Containers;

namespace WaMigration.Databases.Copying;

/// <summary>Writes into a migration's journal that databases are being copied to its new setup, and what came of it.</summary>
internal static class CopyJournal
{
    /// <summary>The value of <c>live</c> in the journal where the old client was serving.</summary>
    internal const string Live = "true";

    /// <summary>Runs a copy to a setup, with what it did written down; to a server alone it is only run.</summary>
    internal static async Task RunAsync(WaSetup? destination, string from, bool isLive, Func<Action<WaTableCopy>, Task> copy, Action<WaTableCopy> output, Operation operation)
    {
        if (destination is null)
        {
            await copy(output).ConfigureAwait(false);
            return;
        }

        await EarlyStart.RequireNoneAsync(destination, operation).ConfigureAwait(false);
        var live = isLive ? Live : "false";
        operation.Note(destination, JournalKinds.DatabasesCopying, ("from", from), ("live", live));
        var begin = operation.Time.GetTimestamp();
        var tables = new List<WaTableCopy>();
        await copy(table =>
        {
            lock (tables)
            {
                tables.Add(table);
            }

            output(table);
        }).ConfigureAwait(false);
        operation.Note(
            destination,
            JournalKinds.DatabasesCopied,
            ("from", from),
            ("live", live),
            ("tables", Text(tables.Count)),
            ("rows", Text(tables.Sum(table => table.Rows))),
            ("bytesMoved", Text(tables.Sum(table => table.Bytes))),
            ("seconds", operation.Time.GetElapsedTime(begin).TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)),
            ("digests", string.Join("; ", tables.OrderBy(table => table.ToString(), StringComparer.Ordinal).Select(table => table + " " + (table.Digest ?? "-")))));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
