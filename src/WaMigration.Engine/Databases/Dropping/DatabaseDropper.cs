using System.Globalization;
using WaMigration.Databases.Copying;
using WaMigration.Migrations;

namespace WaMigration.Databases.Dropping;

/// <summary>Drops the old client's databases, once everything that speaks against it was asked.</summary>
internal static class DatabaseDropper
{
    internal static async Task RunAsync(string path, WaSetup source, WaSetup destination, IReadOnlyCollection<string> names, bool deliveryConfirmed, bool force, Action<WaDatabase> output, Operation operation)
    {
        var migration = MigrationFolder.Read(path, operation);
        if (migration.SourceName != source.Name || migration.DestinationName != destination.Name)
        {
            throw MigrationErrors.MigrationFolderOfAnother.Error(path, source.Name + ", " + destination.Name);
        }

        RetentionProof.Require(migration, deliveryConfirmed, force);
        var server = source.Database ?? throw CopyErrors.DatabaseServerNotKnown.Error(source.Name);
        var own = destination.Database ?? throw CopyErrors.DatabaseServerNotKnown.Error(destination.Name);
        var chosen = await ChooseAsync(server, names, operation).ConfigureAwait(false);
        await RequireUnusedAsync(server, own, chosen, operation).ConfigureAwait(false);
        if (deliveryConfirmed)
        {
            await MigrationNotes.WriteAsync(null, path, operation, MigrationEvents.DeliveryConfirmed, destination.Name, ("by", Environment.UserName)).ConfigureAwait(false);
        }

        var listed = new List<WaDatabase>();
        await DatabaseInventory.ListAsync(server, chosen, listed.Add, operation).ConfigureAwait(false);
        foreach (var database in listed)
        {
            if (!operation.May(database.Server + "/" + database.Name, DatabaseText.Catalog["DropWhat"]))
            {
                continue;
            }

            await MigrationNotes.WriteAsync(null, path, operation, MigrationEvents.DatabaseDropping, source.Name, ("database", database.Name), ("server", database.Server)).ConfigureAwait(false);
            await DatabaseQuestions.DropAsync(server, database.Name, operation).ConfigureAwait(false);
            await MigrationNotes.WriteAsync(null, path, operation, MigrationEvents.DatabaseDropped, source.Name, ("database", database.Name), ("server", database.Server)).ConfigureAwait(false);
            output(database);
        }
    }

    /// <summary>The databases of the old client's stores; others that begin like them only where they are named.</summary>
    private static async Task<IReadOnlyList<string>> ChooseAsync(WaDatabaseServer server, IReadOnlyCollection<string> names, Operation operation)
    {
        var address = server.Server + ":" + server.Port.ToString(CultureInfo.InvariantCulture);
        foreach (var name in names)
        {
            // Without a prefix every database of the server would be one that begins like them.
            if (ClientStores.Classify(name, server.NamePrefix) is not { } known || (known.IsUnclassified && server.NamePrefix.Length == 0))
            {
                throw DropErrors.DatabaseNotOfSetup.Error(address + "/" + name, server.NamePrefix);
            }
        }

        var there = await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false);
        var chosen = there.Where(database => names.Count == 0 ? !database.IsUnclassified : names.Contains(database.Name)).Select(database => database.Name).ToList();
        return chosen.Count > 0 ? chosen : throw CopyErrors.NoDatabasesFound.Error(address, server.NamePrefix);
    }

    private static async Task RequireUnusedAsync(WaDatabaseServer server, WaDatabaseServer own, IReadOnlyList<string> chosen, Operation operation)
    {
        if (await ClientDatabases.MayBeSameServerAsync(server, own, operation).ConfigureAwait(false))
        {
            var used = (await ClientDatabases.ListAsync(own, operation).ConfigureAwait(false)).FirstOrDefault(database => chosen.Contains(database.Name) && (!database.IsUnclassified || own.NamePrefix.Length > 0));
            if (used is not null)
            {
                throw DropErrors.DatabaseInUseByDestination.Error(used.Name, own);
            }
        }

        var sessions = await DatabaseQuestions.SessionsAsync(server, chosen, operation).ConfigureAwait(false);
        if (sessions.Count > 0)
        {
            throw DropErrors.DatabaseHasSessions.Error(server.Server + ":" + server.Port.ToString(CultureInfo.InvariantCulture), null, [.. sessions.Select(session => session.ToString())], sessions.Count);
        }
    }
}
