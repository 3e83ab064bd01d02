namespace WaMigration.Databases;

/// <summary>Who else is on a client's databases.</summary>
internal static class DatabaseSessions
{
    /// <summary>Sessions on the databases of that prefix, without this module's own.</summary>
    internal static async Task<IReadOnlyList<ForeignSession>> ListForeignAsync(WaDatabaseServer server, Operation operation)
    {
        var databases = await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false);
        var names = databases.Where(database => !database.IsUnclassified).Select(database => database.Name).ToList();
        return names.Count == 0 ? [] : await DatabaseQuestions.SessionsAsync(server, names, operation).ConfigureAwait(false);
    }
}
