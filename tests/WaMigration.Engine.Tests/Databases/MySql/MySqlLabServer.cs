using MySqlConnector;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A running MySQL or MariaDB server, as these tests need it; without its owner it would end.</summary>
internal sealed partial record MySqlLabServer(WaDatabaseEngine Engine, int Port, string User, string Password, IAsyncDisposable Owner)
{
    /// <summary>Tests that change settings of the servers are not for those that run beside them.</summary>
    internal const string Collection = "MySQL and MariaDB servers";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(WaDatabaseEngine Engine, int Number), Task<MySqlLabServer>> Running = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One of the two servers of an engine that all tests share.</summary>
    internal static Task<MySqlLabServer> SharedAsync(WaDatabaseEngine engine, int number)
    {
        lock (Gate)
        {
            return Running.TryGetValue((engine, number), out var running) ? running : Running[(engine, number)] = StartAsync();
        }

        async Task<MySqlLabServer> StartAsync()
        {
            if (engine == WaDatabaseEngine.MySql)
            {
                var mine = number == 0 ? await LabServers.OrSkip(() => LabMySql.SharedAsync(Log)) : await LabServers.OrSkip(() => LabMySql.StartAsync(Log, network: null, CancellationToken.None));
                return new(engine, mine.Port, LabMySql.User, mine.Password, mine);
            }

            var server = number == 0 ? await LabServers.OrSkip(() => LabMariaDb.SharedAsync()) : await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: CancellationToken.None));
            return new(engine, server.Port, LabMariaDb.User, server.Password, server);
        }
    }

    internal WaDatabaseServer Describe(string prefix, string? user = null, string? password = null, int? port = null) => new(
        Engine, "127.0.0.1", port ?? Port, user ?? User, Secret.Conceal(password ?? Password), prefix, WaSslMode.Prefer);

    internal async Task RunAsync(string? database, params IEnumerable<string> statements)
    {
        await using var connection = await OpenAsync(database);
        foreach (var statement in statements)
        {
            await using var command = Command(connection, statement);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>All rows as texts; NULL is told from a text by its mark.</summary>
    internal async Task<IReadOnlyList<string[]>> AskAsync(string? database, string question)
    {
        await using var connection = await OpenAsync(database);
        return await AskAsync(connection, question);
    }

    internal async Task<string> ValueAsync(string? database, string question) => (await AskAsync(database, question))[0][0];

    /// <summary>Objects and rows, asked by other questions than the module's own, in an order that both sides have.</summary>
    internal async Task<IReadOnlyList<string>> DumpAsync(string database)
    {
        await using var connection = await OpenAsync(database);
        await AskAsync(connection, "SET time_zone = '+05:30', sql_mode = ''");
        if (Engine == WaDatabaseEngine.MySql)
        {
            await AskAsync(connection, "SET information_schema_stats_expiry = 0");
        }

        var lines = new List<string>();
        void Add(IEnumerable<string[]> rows, params int[] places) => lines.AddRange(rows.Select(row => string.Join(" | ", places.Length == 0 ? row : places.Select(place => row[place]))));
        Add(await AskAsync(connection, "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()"));
        foreach (var table in await AskAsync(connection, "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"))
        {
            var name = "`" + table[0].Replace("`", "``", StringComparison.Ordinal) + "`";
            lines.Add(table[1] + " " + table[0]);
            switch (table[1])
            {
                case "VIEW":
                    Add(await AskAsync(connection, "SHOW CREATE VIEW " + name));
                    continue;
                case "SEQUENCE":
                    Add(await AskAsync(connection, "SHOW CREATE SEQUENCE " + name));
                    Add(await AskAsync(connection, "SELECT * FROM " + name));
                    continue;
            }

            Add(await AskAsync(connection, "SHOW CREATE TABLE " + name), 1);
            var columns = (await AskAsync(connection, $"SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table[0].Replace("'", "''", StringComparison.Ordinal)}' ORDER BY ordinal_position")).ToList();
            var isVersioned = table[1] == "SYSTEM VERSIONED";
            if (isVersioned && !columns.Any(column => column[0] == "b"))
            {
                columns.AddRange([["row_start", "timestamp"], ["row_end", "timestamp"]]);
            }

            var values = columns.Select(column => ("`" + column[0].Replace("`", "``", StringComparison.Ordinal) + "`", column[1]) switch
            {
                (var quoted, "float" or "double") => $"HEX(CAST({quoted} * 1e0 AS CHAR))",
                (var quoted, "bit" or "bigint" or "int") => $"CAST({quoted} + 0 AS CHAR)",
                (var quoted, "enum" or "set") => $"CONCAT(CAST({quoted} + 0 AS CHAR), ' ', HEX({quoted}))",
                (var quoted, "json") => $"HEX(CAST({quoted} AS CHAR))",
                (var quoted, "decimal" or "tinyint" or "smallint" or "mediumint" or "year" or "date" or "time" or "datetime" or "timestamp") => $"CAST({quoted} AS CHAR)",
                var (quoted, _) => $"HEX({quoted})",
            });
            var rows = await AskAsync(connection, "SELECT " + string.Join(", ", values) + " FROM " + name + (isVersioned ? " FOR SYSTEM_TIME ALL" : string.Empty));
            lines.AddRange(rows.Select(row => "  " + string.Join(" | ", row)).Order(StringComparer.Ordinal));
        }

        foreach (var routine in await AskAsync(connection, "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1, 2"))
        {
            Add(await AskAsync(connection, $"SHOW CREATE {routine[0]} `{routine[1]}`"));
        }

        foreach (var trigger in await AskAsync(connection, "SELECT trigger_name, action_order FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1"))
        {
            Add([trigger]);
            Add(await AskAsync(connection, $"SHOW CREATE TRIGGER `{trigger[0]}`"), 0, 1, 3, 4);
        }

        foreach (var item in await AskAsync(connection, "SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1"))
        {
            Add(await AskAsync(connection, $"SHOW CREATE EVENT `{item[0]}`"));
        }

        // What one said of the other's time is not part of it.
        // A character set that its collation says, too, is shown where a statement had it.
        return [.. lines.Select(line => SetAndCollation().Replace(line, " COLLATE $1_")).Select(line => line.Replace(" PRECEDES `second_one` ", " ", StringComparison.Ordinal).Replace(" PRECEDES second_one ", " ", StringComparison.Ordinal))];
    }

    internal string ConnectionString(string? database) => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1", Port = (uint)Port, UserID = User, Password = Password, Database = database ?? string.Empty, Pooling = false, AllowUserVariables = true, AllowZeroDateTime = true, DefaultCommandTimeout = 300,
        SslMode = MySqlSslMode.Preferred,
    }.ConnectionString;

    [System.Text.RegularExpressions.GeneratedRegex(@" CHARACTER SET (\w+) COLLATE \1_")]
    private static partial System.Text.RegularExpressions.Regex SetAndCollation();

    private static void Log(string line) => TestContext.Current.SendDiagnosticMessage(line);

    private static async Task<IReadOnlyList<string[]>> AskAsync(MySqlConnection connection, string question)
    {
        await using var command = Command(connection, question);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(place => reader.IsDBNull(place) ? "\u2400" : Convert.ToString(reader.GetValue(place), System.Globalization.CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }

    private static MySqlCommand Command(MySqlConnection connection, string statement)
    {
#pragma warning disable CA2100 // Tests give constants.
        return new MySqlCommand(statement, connection);
#pragma warning restore CA2100
    }

    internal async Task<MySqlConnection> OpenAsync(string? database)
    {
        var connection = new MySqlConnection(ConnectionString(database));
        await connection.OpenAsync(CancellationToken.None);
        return connection;
    }
}
