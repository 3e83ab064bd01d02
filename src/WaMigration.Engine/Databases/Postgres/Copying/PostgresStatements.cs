using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;
using WaMigration.Databases.Postgres.Schema;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>The statements that read and digest rows.</summary>
internal static class PostgresStatements
{
    /// <summary>Large objects as rows. An empty one has a row, too, so that it is not lost.</summary>
    private const string LargeObjectRows =
        "(SELECT m.oid::int8 AS id, p.place, CASE WHEN s.size > 0 THEN lo_get(m.oid, p.place, 65536) END AS content FROM pg_catalog.pg_largeobject_metadata m "
        + "CROSS JOIN LATERAL (SELECT coalesce((SELECT max(l.pageno::int8 * 2048 + octet_length(l.data)) FROM pg_catalog.pg_largeobject l WHERE l.loid = m.oid), 0) AS size) s "
        + "CROSS JOIN LATERAL generate_series(0, greatest(s.size - 1, 0), 65536) p(place)) AS o";

    /// <summary>What stands after FROM.</summary>
    internal static string From(TableModel table) => table.IsLargeObjects ? LargeObjectRows : "ONLY " + table.Name;

    /// <summary>The hash of a row: exact, since every column is made exact first.</summary>
    internal static string RowHash(TableModel table) => table.Columns.Count == 0
        ? "0::int8"
        : "hash_record_extended(ROW(" + string.Join(", ", table.Columns.Select(column => column.Digest)) + "), 0)";

    /// <summary>Rows and sum, of all or of those that a condition chooses.</summary>
    internal static string Digest(TableModel table, string? where = null) =>
        "SELECT count(*), coalesce(sum(" + RowHash(table) + "), 0) FROM " + From(table) + (where is null ? string.Empty : " WHERE " + where);

    internal static TableDigest ReadDigest(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetDecimal(1));

    /// <summary>The pages of a chunk.</summary>
    internal static string? Pages(TableModel table, Chunk chunk)
    {
        if (table.IsLargeObjects || (chunk.From == 0 && chunk.To is null))
        {
            return null;
        }

        var from = "ctid >= '(" + chunk.From.ToString(CultureInfo.InvariantCulture) + ",0)'::tid";
        return chunk.To is { } to ? from + " AND ctid < '(" + to.ToString(CultureInfo.InvariantCulture) + ",0)'::tid" : from;
    }

    internal static string CopyOut(TableModel table, ChunkFormat format, string? where)
    {
        var columns = string.Join(", ", table.Stored.Select(column => column.Name));
        return "COPY (SELECT " + columns + " FROM " + From(table) + (where is null ? string.Empty : " WHERE " + where) + ") TO STDOUT" + Options(format);
    }

    internal static string CopyIn(TableModel table, ChunkFormat format)
    {
        var columns = string.Join(", ", table.Stored.Select(column => column.Name));
        return "COPY " + (table.IsLargeObjects ? LoadTable : table.Name) + (columns.Length == 0 ? string.Empty : " (" + columns + ")") + " FROM STDIN" + Options(format);
    }

    /// <summary>Where large objects stop over on their way in.</summary>
    internal const string LoadTable = "pg_temp.wamigration_large";

    internal const string LoadSetUp = "CREATE TEMPORARY TABLE wamigration_large (id bigint, place bigint, content bytea) ON COMMIT DROP";

    /// <summary>Makes large objects of what stopped over.</summary>
    internal static readonly string[] LoadFinish =
    [
        "SELECT count(lo_create(l.id::oid)) FROM (SELECT DISTINCT id FROM " + LoadTable + ") l",
        "SELECT count(*) FROM (SELECT lo_put(l.id::oid, l.place, l.content) FROM " + LoadTable + " l WHERE l.content IS NOT NULL OFFSET 0) x",
    ];

    private static string Options(ChunkFormat format) => format == ChunkFormat.Binary ? " (FORMAT binary)" : string.Empty;
}
