namespace WaSimulator.Storage;

/// <summary>Brings a database from the schema that it has, or none, to the one that this client wants.</summary>
internal static class SchemaUpgrade
{
    private const string Table = "schema_info";

    /// <summary>0 where there is no schema yet.</summary>
    public static async Task<long> VersionAsync(IStoreSession session, CancellationToken cancellationToken) =>
        await session.HasTableAsync(Table, cancellationToken)
            ? await session.CountAsync("select version from schema_info", cancellationToken)
            : 0;

    public static async Task RunAsync(IStore store, StoreSchema schema, Action<string, string> log, CancellationToken cancellationToken)
    {
        var was = await store.TransactAsync(
            async session =>
            {
                var version = await VersionAsync(session, cancellationToken);
                if (version > schema.Version)
                {
                    throw new Hosting.SimulatorException(
                        $"Schema {version} of {schema.Name} is newer than this client's {schema.Version}; it cannot be downgraded.");
                }

                if (version == schema.Version)
                {
                    return version;
                }

                foreach (var statement in Steps(schema, version))
                {
                    await session.DefineAsync(statement, cancellationToken);
                }

                await session.ExecuteAsync(
                    version > 0 ? "update schema_info set version = @version" : "insert into schema_info (version) values (@version)",
                    cancellationToken,
                    ("version", schema.Version));
                return version;
            },
            cancellationToken);

        // Not before it is so: a node that is stopped now leaves nothing of an open transaction.
        if (was != schema.Version)
        {
            log("INFO", $"{schema.Name}: schema is at version {schema.Version} (was {was})");
        }
    }

    private static IEnumerable<string> Steps(StoreSchema schema, long version) =>
        version == 0
            ? ["create table schema_info (version integer not null)", .. schema.Statements]
            : schema.Upgrades.Where(step => step.Key > version && step.Key <= schema.Version)
                .OrderBy(step => step.Key)
                .SelectMany(step => step.Value);
}
