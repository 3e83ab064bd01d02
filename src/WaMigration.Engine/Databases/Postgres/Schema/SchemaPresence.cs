using Npgsql;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>
/// Of which kinds a database has anything, asked in one question. A client's database has few of them, and in a new session a
/// question that finds nothing costs the server nearly as much as one that finds something: reading and planning it.
/// </summary>
internal sealed class SchemaPresence
{
    private readonly HashSet<string> there;

    private SchemaPresence(HashSet<string> there) => this.there = there;

    /// <summary>
    /// The condition that a catalog has a row that people made. What the server was made with has lower numbers, also where its
    /// schema is one of people (FirstNormalObjectId in PostgreSQL's access/transam.h, by which pg_dump goes, too).
    /// </summary>
    internal static string Made(string catalog, string? condition = null) =>
        "EXISTS (SELECT 1 FROM " + catalog + " WHERE oid >= 16384" + (condition is null ? string.Empty : " AND (" + condition + ")") + ")";

    /// <summary>The condition that a catalog has such a row at all.</summary>
    internal static string Any(string catalog, string condition = "true") => "EXISTS (SELECT 1 FROM " + catalog + " WHERE " + condition + ")";

    /// <summary>Asks which of the conditions hold; null among them stands for what always does.</summary>
    internal static async Task<SchemaPresence> ReadAsync(NpgsqlConnection connection, IEnumerable<string?> conditions, CancellationToken cancellation)
    {
        var asked = conditions.OfType<string>().Distinct().ToArray();
        var answers = (await PostgresRows.ListAsync(connection, "SELECT ARRAY[" + string.Join(", ", asked) + "]", row => row.GetFieldValue<bool[]>(0), cancellation).ConfigureAwait(false))[0];
        return new SchemaPresence([.. asked.Where((_, at) => answers[at])]);
    }

    /// <summary>Whether a question with that condition may find anything.</summary>
    internal bool Has(string? condition) => condition is null || there.Contains(condition);
}
