using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Reads everything of a database but its rows.</summary>
internal static class DatabaseReader
{
    internal static async Task<DatabaseModel> ReadAsync(NpgsqlConnection connection, int major, bool includeOwner, CancellationToken cancellation)
    {
        var queries = SchemaReader.Queries(major, includeOwner);
        var notCarriedQueries = NotCarriedQueries.All(major).ToList();
        var presence = await SchemaPresence.ReadAsync(connection, [.. queries.Select(query => query.Presence), .. notCarriedQueries.Select(query => query.Presence), OwnerQueries.Policies], cancellation).ConfigureAwait(false);
        var (objects, misplaced) = await SchemaReader.ReadAsync(connection, queries.Where(query => presence.Has(query.Presence)), cancellation).ConfigureAwait(false);
        var notCarried = new List<string>(misplaced);
        foreach (var (sql, _) in notCarriedQueries.Where(query => presence.Has(query.Presence)))
        {
            notCarried.AddRange(await PostgresRows.ListAsync(connection, sql, row => row.GetString(0), cancellation).ConfigureAwait(false));
        }

        if (includeOwner)
        {
            notCarried.AddRange(await PostgresRows.ListAsync(connection, "SELECT 'default privileges of ' || quote_ident(pg_get_userbyid(d.defaclrole)) FROM pg_default_acl d", row => row.GetString(0), cancellation).ConfigureAwait(false));
            notCarried.AddRange(await PostgresRows.ListAsync(connection, "SELECT 'settings of the role ' || quote_ident(pg_get_userbyid(s.setrole)) || ' in this database' FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database() AND s.setrole <> 0", row => row.GetString(0), cancellation).ConfigureAwait(false));
        }

        var roles = presence.Has(OwnerQueries.Policies) ? await PostgresRows.ListAsync(connection, OwnerQueries.PolicyRolesSql, row => row.GetString(0), cancellation).ConfigureAwait(false) : [];
        if (includeOwner)
        {
            roles.AddRange(await PostgresRows.ListAsync(connection, OwnerQueries.RolesSql, row => row.GetString(0), cancellation).ConfigureAwait(false));
        }

        return new DatabaseModel
        {
            Name = connection.Database,
            Properties = await PropertiesAsync(connection, major, cancellation).ConfigureAwait(false),
            Settings = await SettingsAsync(connection, cancellation).ConfigureAwait(false),
            Objects = objects,
            Tables = await TableReader.ReadAsync(connection, cancellation).ConfigureAwait(false),
            Sequences = await SequencesAsync(connection, cancellation).ConfigureAwait(false),
            NotCarried = notCarried.Distinct().ToArray(),
            Roles = roles.Distinct().ToArray(),
            IncludesOwner = includeOwner,
        };
    }

    /// <summary>How many owners and grants are left out of a model without them.</summary>
    internal static async Task<int> GrantsAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (int)await PostgresRows.ValueAsync<long>(connection, OwnerQueries.CountSql, cancellation).ConfigureAwait(false);

    /// <summary>What this login may not see; both engines hide such things without a word.</summary>
    internal static Task<List<string>> HiddenAsync(NpgsqlConnection connection, CancellationToken cancellation) => PostgresRows.ListAsync(
        connection,
        "SELECT 'no USAGE on the schema ' || quote_ident(n.nspname) FROM pg_namespace n WHERE " + UserSchema + " AND NOT has_schema_privilege(n.oid, 'USAGE') "
        + "UNION ALL SELECT 'no SELECT on ' || format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND " + UserSchema
        + " AND CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT') ELSE NOT has_table_privilege(c.oid, 'SELECT') END "
        + "UNION ALL SELECT 'row security hides rows of ' || format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity AND " + UserSchema
        + " AND NOT (SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user) AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE')) "
        + "UNION ALL SELECT 'no right to the large object ' || l.oid FROM pg_largeobject_metadata l WHERE l.lomacl IS NULL AND NOT pg_has_role(l.lomowner, 'USAGE') ORDER BY 1",
        row => row.GetString(0),
        cancellation);

    internal static async Task<IReadOnlyDictionary<string, string>> PropertiesAsync(NpgsqlConnection connection, int major, CancellationToken cancellation)
    {
        var provider = major >= 15 ? "d.datlocprovider::text" : "'c'";
        var locale = major >= 17 ? "coalesce(d.datlocale, '')" : major >= 15 ? "coalesce(d.daticulocale, '')" : "''";
        var rows = await PostgresRows.ListAsync(
            connection,
            "SELECT pg_encoding_to_char(d.encoding), d.datcollate::text, d.datctype::text, " + provider + ", " + locale + ", d.datconnlimit FROM pg_database d WHERE d.datname = current_database()",
            row => new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["encoding"] = row.GetString(0),
                ["collate"] = row.GetString(1),
                ["ctype"] = row.GetString(2),
                ["provider"] = row.GetString(3),
                ["locale"] = row.GetString(4),
                ["connection limit"] = row.GetInt32(5).ToString(CultureInfo.InvariantCulture),
            },
            cancellation).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>Where every counter stands. Read outside the snapshot, as the server does it itself.</summary>
    internal static async Task<IReadOnlyList<CounterPosition>> SequencesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var names = await PostgresRows.ListAsync(
            connection,
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid") + " ORDER BY 1",
            row => row.GetString(0),
            cancellation).ConfigureAwait(false);
        var positions = new List<CounterPosition>();
        foreach (var part in names.Select((name, place) => (name, place)).GroupBy(entry => entry.place / 100))
        {
            positions.AddRange(await PostgresRows.ListAsync(
                connection,
                string.Join(" UNION ALL ", part.Select(entry => "SELECT " + PostgresRows.Literal(entry.name) + "::text, last_value, is_called FROM " + entry.name)),
                row => new CounterPosition(row.GetString(0), row.GetInt64(1), row.GetBoolean(2)),
                cancellation).ConfigureAwait(false));
        }

        return positions.ToArray();
    }

    private static async Task<IReadOnlyList<string>> SettingsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Lists of names are written unquoted, as pg_dump does for these few; all others are one literal.
        var settings = await PostgresRows.ListAsync(
            connection,
            "SELECT format('ALTER DATABASE {0} SET %I TO %s', split_part(c, '=', 1), CASE WHEN split_part(c, '=', 1) IN ('search_path', 'local_preload_libraries', 'session_preload_libraries', 'shared_preload_libraries', 'temp_tablespaces', 'unix_socket_directories') "
            + "THEN replace(replace(substr(c, strpos(c, '=') + 1), '{', '{{'), '}', '}}') ELSE replace(replace(quote_literal(substr(c, strpos(c, '=') + 1)), '{', '{{'), '}', '}}') END) "
            + "FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c WHERE d.datname = current_database() AND s.setrole = 0 ORDER BY 1",
            row => row.GetString(0),
            cancellation).ConfigureAwait(false);
        settings.AddRange(await PostgresRows.ListAsync(
            connection,
            "SELECT 'COMMENT ON DATABASE {0} IS ' || replace(replace(quote_literal(s.description), '{', '{{'), '}', '}}') FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid WHERE s.classoid = 'pg_database'::regclass AND d.datname = current_database()",
            row => row.GetString(0),
            cancellation).ConfigureAwait(false));
        return settings.ToArray();
    }
}
