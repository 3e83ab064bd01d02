using System.Globalization;
using WaMigration.Databases;
using WaMigration.Databases.Copying;

namespace WaMigration.Migrations.Checks;

/// <summary>What must be so before databases are copied for a new client, and before the downtime relies on that copy.</summary>
internal static class CopyChecks
{
    /// <summary>What has changed since moves inside the downtime, so a copy of yesterday makes it longer than it was said to be.</summary>
    private static readonly TimeSpan OldestCopy = TimeSpan.FromHours(24);

    /// <summary>The new client's databases are not there, have no table, or are a copy of the old client's.</summary>
    internal static async Task<CheckFinding?> TargetAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || KeepsDatabases(context))
        {
            return null;
        }

        if (destination.Database is not { } server)
        {
            return CheckFinding.Unknown("DatabaseNotGiven", destination.Name);
        }

        var there = (await ClientDatabases.ListAsync(server, context.Operation).ConfigureAwait(false))
            .Where(database => !database.IsUnclassified)
            .Select(database => database.Name)
            .ToList();
        if (there.Count == 0)
        {
            return CheckFinding.Passed("DatabasesAbsent", server);
        }

        if (context.State?.First(destination.Name, JournalKinds.DatabasesCopying) is { } begun)
        {
            return context.Source?.Database is { } source && begun.Values["from"] is var from && from != source.ToString() && context.State.Record.Side == WaMigrationSide.Both
                ? CheckFinding.Failed("CopyOfAnother", server, from, source)
                : CheckFinding.Passed("CopyOfThisRun", server, there.Count, Local(begun.At));
        }

        if (await ClientDatabases.AreFreshAsync(server, context.Operation).ConfigureAwait(false))
        {
            return CheckFinding.Passed("DatabasesEmpty", server, there.Count);
        }

        // The folder of an earlier run may be lost: then the rows tell.
        var (equal, all) = await EqualTablesAsync(context, server).ConfigureAwait(false);
        return all > 0 && equal * 2 >= all
            ? CheckFinding.Warning("CopyFound", server, equal, all)
            : CheckFinding.Failed("DatabasesThere", server, string.Join(", ", there));
    }

    /// <summary>New containers on the old databases would carry the registration and kick the old client off.</summary>
    internal static Task<CheckFinding?> SeparateAsync(CheckContext context) =>
        KeepsDatabases(context) ? Task.FromResult<CheckFinding?>(null) : DatabaseChecks.SeparateAsync(context);

    /// <summary>Everything that a copy itself would refuse, asked now: engines, versions, privileges, objects, sessions.</summary>
    internal static async Task<CheckFinding?> PossibleAsync(CheckContext context)
    {
        if (context is not { Source.Database: { } source, Destination.Database: { } destination } || KeepsDatabases(context))
        {
            return null;
        }

        var console = new QuietConsole();
        var operation = new Operation(console, planOnly: true, context.Operation.Cancellation, context.Operation.Time);
        await DatabaseCopier.RunAsync(source, destination, Options(context), _ => { }, operation).ConfigureAwait(false);
        return CheckFinding.Passed("CopyPossible", source, destination, string.Join(" ", console.Warnings));
    }

    /// <summary>How much there is to copy. No database server tells the room that it has left.</summary>
    internal static async Task<CheckFinding?> SizeAsync(CheckContext context)
    {
        if (context.Source is not { Database: { } server } || KeepsDatabases(context))
        {
            return null;
        }

        long bytes = 0;
        await DatabaseInventory.ListAsync(
            server,
            [],
            database => bytes += IsMoved(context, database) ? database.Bytes : 0,
            context.Operation).ConfigureAwait(false);
        return CheckFinding.Passed("CopySize", server, (bytes / 1e6).ToString("N1", CultureInfo.CurrentCulture), context.Destination?.Database);
    }

    /// <summary>The copy that was made beforehand is of this source, and young enough for the downtime that was promised.</summary>
    internal static Task<CheckFinding?> BeforehandAsync(CheckContext context) => Task.FromResult(Beforehand(context));

    /// <summary>With the databases left where they are, both descriptions must mean the same ones.</summary>
    internal static async Task<CheckFinding?> SameDatabasesAsync(CheckContext context)
    {
        if (!KeepsDatabases(context) || context is not { Source: { } source, Destination: { } destination })
        {
            return null;
        }

        if (source.Database is not { } old || destination.Database is not { } own)
        {
            return CheckFinding.Unknown("SameNotKnown", source.Database is null ? source.Name : destination.Name);
        }

        return await ClientDatabases.AreSameAsync(old, own, context.Operation).ConfigureAwait(false)
            ? CheckFinding.Passed("DatabasesKept", old)
            : CheckFinding.Failed("DatabasesNotSame", old, own);
    }

    private static bool KeepsDatabases(CheckContext context) => context.State?.Record.KeepsDatabases == true;

    /// <summary>What the option carries: waweb only with the third.</summary>
    private static CopyOptions Options(CheckContext context) => new()
    {
        ExcludeWaweb = context.Option == 2,
        Update = true,
        AllowActiveClient = true,
    };

    private static bool IsMoved(CheckContext context, WaDatabase database) =>
        ClientStores.Names.Contains(database.Store) && (context.Option != 2 || database.Store != ClientStores.Web);

    private static CheckFinding? Beforehand(CheckContext context)
    {
        // A plan copies nothing, and says in its step what would be copied. Once the old client goes, to stop for the age of a
        // copy would only make the outage longer.
        if (context is not { ServingSource: not null, State: { } state, Destination: { } destination } || KeepsDatabases(context) || context.Operation.PlanOnly)
        {
            return null;
        }

        if (state.Last(destination.Name, JournalKinds.DatabasesCopied) is not { } copied)
        {
            return CheckFinding.Warning("NoCopyBeforehand", destination.Name);
        }

        var age = context.Operation.Time.GetUtcNow() - copied.At;
        return context.Source?.Database is { } source && copied.Values["from"] != source.ToString()
            ? CheckFinding.Failed("CopyOfAnother", destination.Database, copied.Values["from"], source)
            : age > OldestCopy ? CheckFinding.Failed("CopyBeforehandOld", Local(copied.At), OldestCopy.TotalHours)
            : CheckFinding.Passed("CopiedBeforehand", Local(copied.At), copied.Values["seconds"]);
    }

    private static async Task<(int Equal, int All)> EqualTablesAsync(CheckContext context, WaDatabaseServer server)
    {
        if (context.Source?.Database is not { } source)
        {
            return (0, 0);
        }

        int equal = 0, all = 0;
        await DatabaseComparer.RunAsync(
            source,
            server,
            Options(context),
            table =>
            {
                if (table.SourceRows > 0)
                {
                    Interlocked.Increment(ref all);
                    Interlocked.Add(ref equal, table.IsEqual ? 1 : 0);
                }
            },
            context.Operation).ConfigureAwait(false);
        return (equal, all);
    }

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
