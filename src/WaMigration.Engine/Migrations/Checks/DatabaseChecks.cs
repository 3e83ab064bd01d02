using WaMigration.Databases;

namespace WaMigration.Migrations.Checks;

/// <summary>The database servers.</summary>
internal static class DatabaseChecks
{
    /// <summary>The new client's server answers, and its databases are not there yet, or are this migration's own.</summary>
    internal static async Task<CheckFinding?> DestinationAsync(CheckContext context)
    {
        if (context.Destination is not { } destination)
        {
            return null;
        }

        if (destination.Database is not { } server)
        {
            return context.DestinationIsInstalled
                ? CheckFinding.Warning("DatabaseNotKnown", destination.Name)
                : CheckFinding.Unknown("DatabaseNotGiven", destination.Name);
        }

        var there = (await ClientDatabases.ListAsync(server, context.Operation).ConfigureAwait(false))
            .Where(database => !database.IsUnclassified)
            .Select(database => database.Name)
            .ToList();
        if (there.Count == 0)
        {
            return CheckFinding.Passed("DatabasesAbsent", server);
        }

        if (context.DestinationIsInstalled || context.WasBegun(JournalKinds.DatabaseFresh))
        {
            return CheckFinding.Passed("DatabasesOfTheNewClient", server, there.Count);
        }

        return await ClientDatabases.AreFreshAsync(server, context.Operation).ConfigureAwait(false)
            ? CheckFinding.Passed("DatabasesEmpty", server, there.Count)
            : CheckFinding.Failed("DatabasesThere", server, string.Join(", ", there));
    }

    /// <summary>New containers on the old databases would carry the registration and kick the old client off.</summary>
    internal static async Task<CheckFinding?> SeparateAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source || context.Destination is not { } destination)
        {
            return null;
        }

        if (source.Database is not { } old || destination.Database is not { } own)
        {
            return CheckFinding.Warning("SeparateNotKnown", source.Database is null ? source.Name : destination.Name);
        }

        return await ClientDatabases.AreSameAsync(old, own, context.Operation).ConfigureAwait(false)
            ? CheckFinding.Failed("SameDatabases", own, source.Name)
            : CheckFinding.Passed("SeparateDatabases", old, own);
    }
}
