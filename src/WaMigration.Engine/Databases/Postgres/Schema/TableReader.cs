using Npgsql;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Reads the tables that hold rows: columns, keys, sizes.</summary>
internal static class TableReader
{
    /// <summary>The name of the table that stands for the large objects of a database.</summary>
    internal const string LargeObjects = "pg_catalog.pg_largeobject";

    private const string Relation = "format('%I.%I', n.nspname, c.relname)";

    private static readonly string Ours = UserSchema + " AND c.relkind = 'r' AND c.relpersistence <> 't' AND " + NoMember("pg_class", "c.oid");

    /// <summary>Types that the server's hash of their value tells apart exactly.</summary>
    private static readonly HashSet<string> Exact = ["int2", "int4", "int8", "oid", "bool", "uuid", "bytea", "date", "time", "timestamp", "timestamptz"];

    /// <summary>Types whose binary form means the same on every server of one major version.</summary>
    private static readonly HashSet<string> Portable =
    [
        "int2", "int4", "int8", "bool", "uuid", "bytea", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "float4", "float8",
        "numeric", "text", "varchar", "bpchar", "name", "char", "json", "jsonb", "bit", "varbit", "inet", "cidr", "macaddr", "macaddr8", "point", "box", "circle", "line", "lseg", "path", "polygon",
    ];

    private static readonly HashSet<string> Whole = ["int2", "int4", "int8"];

    internal static async Task<IReadOnlyList<TableModel>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var columns = (await PostgresRows.ListAsync(
            connection,
            "WITH RECURSIVE base(id, base) AS (SELECT oid, oid FROM pg_type WHERE typtype <> 'd' UNION ALL SELECT t.oid, b.base FROM pg_type t JOIN base b ON b.id = t.typbasetype WHERE t.typtype = 'd') "
            + "SELECT a.attrelid, a.attnum, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attgenerated = '', y.typname, yn.nspname = 'pg_catalog', y.typtype = 'e', "
            + "CASE WHEN y.typcategory = 'A' THEN coalesce(el.typname, '') ELSE '' END, coalesce(eln.nspname = 'pg_catalog', false) "
            + "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN base b ON b.id = a.atttypid JOIN pg_type y ON y.oid = b.base JOIN pg_namespace yn ON yn.oid = y.typnamespace "
            + "LEFT JOIN pg_type el ON el.oid = y.typelem LEFT JOIN pg_namespace eln ON eln.oid = el.typnamespace WHERE a.attnum > 0 AND NOT a.attisdropped AND " + Ours + " ORDER BY a.attrelid, a.attnum",
            row => (Table: row.GetFieldValue<uint>(0), Number: row.GetInt16(1), Base: row.GetString(5), BuiltIn: row.GetBoolean(6), Column: Column(row)),
            cancellation).ConfigureAwait(false)).ToLookup(column => column.Table);
        var keys = (await PostgresRows.ListAsync(
            connection,
            "SELECT DISTINCT ON (x.indrelid) x.indrelid, (x.indkey::int2[])[0:x.indnkeyatts - 1] FROM pg_index x WHERE x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL "
            + "AND NOT EXISTS (SELECT 1 FROM unnest((x.indkey::int2[])[0:x.indnkeyatts - 1]) k JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k WHERE NOT a.attnotnull OR a.attgenerated <> '') ORDER BY x.indrelid, x.indisprimary DESC, x.indnkeyatts, x.indexrelid",
            row => (Table: row.GetFieldValue<uint>(0), Columns: row.GetFieldValue<short[]>(1)),
            cancellation).ConfigureAwait(false)).ToDictionary(key => key.Table, key => key.Columns);
        var tables = await PostgresRows.ListAsync(
            connection,
            "SELECT c.oid, " + Relation + ", pg_table_size(c.oid), (pg_relation_size(c.oid) / current_setting('block_size')::int)::int8 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " + Ours + " ORDER BY 2",
            row => (Id: row.GetFieldValue<uint>(0), Name: row.GetString(1), Bytes: row.GetInt64(2), Pages: row.GetInt64(3)),
            cancellation).ConfigureAwait(false);

        var models = new List<TableModel>();
        foreach (var table in tables)
        {
            var own = columns[table.Id].ToList();
            var key = keys.TryGetValue(table.Id, out var numbers)
                ? numbers.Select(number => own.First(column => column.Number == number)).ToList()
                : [];
            models.Add(new TableModel
            {
                Name = table.Name,
                Columns = own.Select(column => column.Column).ToArray(),
                Key = key.Select(column => column.Column).ToArray(),
                Bytes = table.Bytes,
                Pages = table.Pages,
                Range = key.Count > 0 && key[0].BuiltIn && Whole.Contains(key[0].Base) ? RangeKind.Number : RangeKind.None,
            });
        }

        if (await PostgresRows.ValueAsync<long>(connection, "SELECT count(*) FROM pg_largeobject_metadata", cancellation).ConfigureAwait(false) > 0)
        {
            models.Add(LargeObjectTable());
        }

        return models.ToArray();
    }

    /// <summary>Large objects as a table: id, place, up to 64 KiB of content; an empty one has one row without content.</summary>
    internal static TableModel LargeObjectTable() => new()
    {
        Name = LargeObjects,
        Columns =
        [
            new("id", "bigint", true, true, "id"),
            new("place", "bigint", true, true, "place"),
            new("content", "bytea", true, true, "content"),
        ],
        Key = [],
        Bytes = 0,
        Pages = 0,
        IsLargeObjects = true,
    };

    private static TableColumn Column(NpgsqlDataReader row)
    {
        var name = row.GetString(2);
        var (type, builtIn, isEnum, element, elementBuiltIn) = (row.GetString(5), row.GetBoolean(6), row.GetBoolean(7), row.GetString(8), row.GetBoolean(9));
        var portable = isEnum || (builtIn && (Portable.Contains(type) || (element.Length > 0 && elementBuiltIn && Portable.Contains(element))));
        var digest = !builtIn ? "(CASE WHEN num_nonnulls(" + name + ") = 1 THEN format('%s', " + name + ") END) COLLATE \"C\""
            : Exact.Contains(type) ? name
            : type switch
            {
                "text" or "varchar" => name + " COLLATE \"C\"",
                "float4" => "float4send(" + name + ")",
                "float8" => "float8send(" + name + ")",
                "bpchar" => name + "::text COLLATE \"C\", octet_length(" + name + ")",
                _ => name + "::text COLLATE \"C\"",
            };
        return new TableColumn(name, row.GetString(3), row.GetBoolean(4), portable, digest);
    }
}
