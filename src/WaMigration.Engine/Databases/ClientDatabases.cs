namespace WaMigration.Databases;

/// <summary>Finds the databases of a client on its server.</summary>
internal static class ClientDatabases
{
    /// <summary>
    /// Exactly prefix and known store name; others that begin with the prefix come as Unclassified. With an empty prefix
    /// those are all other databases of the server.
    /// </summary>
    internal static async Task<IReadOnlyList<ClientDatabase>> ListAsync(WaDatabaseServer server, Operation operation)
    {
        var names = await DatabaseQuestions.DatabaseNamesAsync(server, operation).ConfigureAwait(false);
        return names
            .Select(name => ClientStores.Classify(name, server.NamePrefix))
            .Where(database => database is not null)
            .Select(database => database!)
            .ToList();
    }

    /// <summary>Whether none of them is there, or those that are there have no table: no client ever ran on them.</summary>
    internal static async Task<bool> AreFreshAsync(WaDatabaseServer server, Operation operation)
    {
        foreach (var database in (await ListAsync(server, operation).ConfigureAwait(false)).Where(database => !database.IsUnclassified))
        {
            if (await DatabaseQuestions.HasTablesAsync(server, database.Name, operation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether two descriptions mean the same databases: same server, by what the server says of itself where it may be
    /// asked, else by address; same prefix.
    /// </summary>
    internal static async Task<bool> AreSameAsync(WaDatabaseServer one, WaDatabaseServer other, Operation operation)
    {
        if (!one.NamePrefix.Equals(other.NamePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return await IdentityAsync(one, other, operation).ConfigureAwait(false) ?? false;
    }

    /// <summary>Whether both are, or cannot be proved not to be, one server.</summary>
    internal static async Task<bool> MayBeSameServerAsync(WaDatabaseServer one, WaDatabaseServer other, Operation operation) =>
        await IdentityAsync(one, other, operation).ConfigureAwait(false) ?? true;

    /// <summary>Null where a server does not say who it is.</summary>
    private static async Task<bool?> IdentityAsync(WaDatabaseServer one, WaDatabaseServer other, Operation operation)
    {
        if (one.Server.Equals(other.Server, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port)
        {
            return true;
        }

        if (DatabaseQuestions.IsPostgres(one) != DatabaseQuestions.IsPostgres(other))
        {
            return false;
        }

        var identity = await DatabaseQuestions.IdentityAsync(one, operation).ConfigureAwait(false);
        var others = await DatabaseQuestions.IdentityAsync(other, operation).ConfigureAwait(false);
        return identity is null || others is null ? null : identity == others;
    }
}
