using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>Reads everything of a MySQL or MariaDB database but its rows. The session stands in the database.</summary>
internal static class MySqlDatabaseReader
{
    /// <summary>Storage engines whose tables are in the database itself.</summary>
    private static readonly string[] Engines = ["InnoDB", "MyISAM", "Aria", "MEMORY", "CSV", "ARCHIVE", "BLACKHOLE", "MRG_MyISAM", "ROCKSDB"];

    internal static async Task<DatabaseModel> ReadAsync(MySqlConnection connection, WaDatabaseEngine engine, bool includeOwner, CancellationToken cancellation)
    {
        var found = new MySqlFindings();
        var tables = await ListAsync(
            connection,
            "SELECT table_name, table_type, COALESCE(engine, ''), CAST(COALESCE(table_rows, 0) AS SIGNED), CAST(COALESCE(data_length, 0) AS SIGNED), COALESCE(create_options, '') FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE " + Literal(MySqlNames.LedgerPattern) + " ORDER BY 1",
            row => (Name: row.GetString(0), Type: row.GetString(1), Engine: row.GetString(2), Rows: row.GetInt64(3), Bytes: row.GetInt64(4)),
            cancellation).ConfigureAwait(false);
        var columns = await MySqlColumnReader.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var keys = await MySqlColumnReader.KeysAsync(connection, cancellation).ConfigureAwait(false);

        foreach (var table in tables.Where(table => table.Type == "SEQUENCE"))
        {
            found.Add("sequence", table.Name, SchemaPhase.Before, null, [await ShowAsync(connection, "SEQUENCE " + Quote(table.Name), 1, cancellation).ConfigureAwait(false)]);
        }

        var models = new List<TableModel>();
        foreach (var table in tables.Where(table => table.Type is not ("VIEW" or "SEQUENCE" or "SYSTEM VIEW")))
        {
            var statement = TableStatement.Parse(await ShowAsync(connection, "TABLE " + Quote(table.Name), 1, cancellation).ConfigureAwait(false));
            if (!Engines.Contains(table.Engine, StringComparer.OrdinalIgnoreCase))
            {
                found.NotCarried.Add("table " + Quote(table.Name) + " of the storage engine " + (table.Engine.Length == 0 ? "-" : table.Engine));
                continue;
            }

            if (statement.LeavesDatabase)
            {
                found.NotCarried.Add("foreign key of " + Quote(table.Name) + " to another database");
            }

            var model = MySqlTableModel.Of(table.Name, table.Engine, table.Type == "SYSTEM VERSIONED", statement.Items.Any(item => item.StartsWith("PERIOD FOR SYSTEM_TIME", StringComparison.OrdinalIgnoreCase)), table.Rows, table.Bytes, [.. columns[table.Name]], keys.TryGetValue(table.Name, out var key) ? key.Columns : []);
            MySqlTableModel.AddObjects(found, model, table.Name, statement, keys.TryGetValue(table.Name, out key) ? key.Name : null, table.Engine);
            if (model.HasHistory && columns[table.Name].Any(column => column.Type.StartsWith("bigint", StringComparison.Ordinal) && statement.Items.Any(item => item.Has("GENERATED ALWAYS AS ROW START") && item.StartsWith(column.Name + " ", StringComparison.Ordinal))))
            {
                found.NotCarried.Add("history by transactions of the table " + model.Name);
            }

            if (table.Engine.ToUpperInvariant() is not ("BLACKHOLE" or "MRG_MYISAM"))
            {
                models.Add(model);
            }
        }

        await ProgramReader.ReadAsync(connection, found, includeOwner, cancellation).ConfigureAwait(false);
        if (includeOwner)
        {
            await GrantReader.ReadAsync(connection, found, cancellation).ConfigureAwait(false);
        }

        if (engine == WaDatabaseEngine.MySql)
        {
            await AddJsonAsync(connection, found, models, cancellation).ConfigureAwait(false);
        }

        return new DatabaseModel
        {
            Name = connection.Database,
            Properties = await PropertiesAsync(connection, cancellation).ConfigureAwait(false),
            Settings = [],
            Objects = found.Objects.ToArray(),
            Tables = models.ToArray(),
            Sequences = await SequencesAsync(connection, cancellation).ConfigureAwait(false),
            NotCarried = found.NotCarried.Distinct().ToArray(),
            Roles = [.. found.Accounts.OrderBy(account => account, StringComparer.Ordinal)],
            IncludesOwner = includeOwner,
            GrantsLeftOut = includeOwner ? 0 : await GrantReader.CountAsync(connection, cancellation).ConfigureAwait(false),
        };
    }

    /// <summary>What an object is made by, as the server says it.</summary>
    internal static async Task<string> ShowAsync(MySqlConnection connection, string what, int place, CancellationToken cancellation) =>
        (await ListAsync(connection, "SHOW CREATE " + what, row => row.IsDBNull(place) ? string.Empty : row.GetString(place), cancellation).ConfigureAwait(false)).FirstOrDefault() ?? string.Empty;

    /// <summary>Where every counter stands: those of columns, and MariaDB's sequences.</summary>
    internal static async Task<IReadOnlyList<CounterPosition>> SequencesAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var positions = await ListAsync(
            connection,
            "SELECT table_name, CAST(auto_increment AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND auto_increment IS NOT NULL AND table_name NOT LIKE " + Literal(MySqlNames.LedgerPattern) + " ORDER BY 1",
            row => new CounterPosition(Quote(row.GetString(0)), unchecked((long)ulong.Parse(row.GetString(1), System.Globalization.CultureInfo.InvariantCulture)), true),
            cancellation).ConfigureAwait(false);
        var sequences = await ListAsync(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE' ORDER BY 1", row => Quote(row.GetString(0)), cancellation).ConfigureAwait(false);
        foreach (var sequence in sequences)
        {
            positions.Add(new CounterPosition(sequence, await NumberAsync(connection, "SELECT next_not_cached_value FROM " + sequence, cancellation).ConfigureAwait(false), false));
        }

        return positions.ToArray();
    }

    internal static async Task<IReadOnlyDictionary<string, string>> PropertiesAsync(MySqlConnection connection, CancellationToken cancellation) => (await ListAsync(
        connection,
        "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()",
        row => new Dictionary<string, string>(StringComparer.Ordinal) { ["character set"] = row.GetString(0), ["collation"] = row.GetString(1) },
        cancellation).ConfigureAwait(false))[0];

    /// <summary>A JSON value of a type that its text does not show comes back as another: a decimal as a double, a date as a string.</summary>
    private static async Task AddJsonAsync(MySqlConnection connection, MySqlFindings found, List<TableModel> tables, CancellationToken cancellation)
    {
        const string Kinds = " IN ('DECIMAL', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP', 'BIT', 'BLOB', 'OPAQUE', 'GEOMETRY')";
        foreach (var table in tables)
        {
            foreach (var column in table.Stored.Where(column => MySqlTypes.Base(column.Type) == "json"))
            {
                var rows = await NumberAsync(
                    connection,
                    "SELECT COUNT(*) FROM " + table.Name + " AS t WHERE JSON_TYPE(t." + column.Name + ")" + Kinds
                    + " OR EXISTS (SELECT 1 FROM JSON_TABLE(t." + column.Name + ", '$**.*' COLUMNS (v JSON PATH '$')) AS m WHERE JSON_TYPE(m.v)" + Kinds + ")"
                    + " OR EXISTS (SELECT 1 FROM JSON_TABLE(t." + column.Name + ", '$**[*]' COLUMNS (v JSON PATH '$')) AS e WHERE JSON_TYPE(e.v)" + Kinds + ")",
                    cancellation).ConfigureAwait(false);
                if (rows > 0)
                {
                    found.NotCarried.Add("JSON values of types that a text does not show, in " + table.Name + "." + column.Name + ": " + rows.ToString(System.Globalization.CultureInfo.InvariantCulture) + " rows");
                }
            }
        }
    }
}
