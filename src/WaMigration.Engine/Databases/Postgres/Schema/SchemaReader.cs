using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Reads all objects of a database, in an order in which they can be made.</summary>
internal static class SchemaReader
{
    /// <summary>One for each kind of object.</summary>
    internal static IReadOnlyList<SchemaQuery> Queries(int major, bool includeOwner) =>
        [.. TypeQueries.All(major), .. TableQueries.All(), .. ConstraintQueries.All(), .. includeOwner ? OwnerQueries.All() : []];

    internal static async Task<(IReadOnlyList<SchemaObject> Objects, IReadOnlyList<string> Misplaced)> ReadAsync(NpgsqlConnection connection, IEnumerable<SchemaQuery> queries, CancellationToken cancellation)
    {
        var graph = new SchemaGraph();
        foreach (var query in queries)
        {
            foreach (var (oid, name, table, statements) in await PostgresRows.ListAsync(
                connection,
                query.Sql,
                row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1), Table: row.IsDBNull(2) ? null : row.GetString(2), Statements: row.GetFieldValue<string[]>(3)),
                cancellation).ConfigureAwait(false))
            {
                var key = query.Catalog.StartsWith("pg_", StringComparison.Ordinal) || query.Catalog is "refresh" or "attach"
                    ? SchemaGraph.Key(query.Catalog, oid)
                    : query.Catalog + " " + name;
                graph.Add(key, new SchemaObject(query.Kind, name, query.Phase, table, statements));
            }
        }

        foreach (var (part, whole) in await PairsAsync(connection, DependencyQueries.Parts, cancellation).ConfigureAwait(false))
        {
            graph.AddPart(part, whole);
        }

        foreach (var (key, needed) in await PairsAsync(connection, DependencyQueries.Edges, cancellation).ConfigureAwait(false))
        {
            graph.AddNeed(key, needed);
        }

        await AddCommentsAsync(graph, connection, cancellation).ConfigureAwait(false);
        return graph.Sort();
    }

    private static async Task AddCommentsAsync(SchemaGraph graph, NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var (catalog, oid, name, statement) in await PostgresRows.ListAsync(
            connection,
            CommentQueries.Objects,
            row => (Catalog: row.GetString(0), Oid: row.GetFieldValue<uint>(1), Name: row.GetString(2), Statement: row.GetString(3)),
            cancellation).ConfigureAwait(false))
        {
            if (graph.Has(SchemaGraph.Key(catalog, oid)))
            {
                graph.Add("comment " + name, new SchemaObject("comment", name, SchemaPhase.Last, null, [statement]));
            }
        }

        foreach (var statement in await PostgresRows.ListAsync(connection, CommentQueries.LargeObjects, row => row.GetString(0), cancellation).ConfigureAwait(false))
        {
            graph.Add(statement, new SchemaObject("comment", statement.Substring(0, statement.IndexOf(" IS ", StringComparison.Ordinal)), SchemaPhase.Last, null, [statement]));
        }
    }

    private static Task<List<(string Key, string Other)>> PairsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation) =>
        PostgresRows.ListAsync(
            connection,
            sql,
            row => (SchemaGraph.Key(row.GetString(0), row.GetFieldValue<uint>(1)), SchemaGraph.Key(row.GetString(2), row.GetFieldValue<uint>(3))),
            cancellation);
}
