using System.Data.Common;
using System.Globalization;
using MySqlConnector;
using Npgsql;
using WaLab;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>
/// Gives the old client of a lab as many messages and receipts as a busy number gathers, by statements of the server itself:
/// through the API it would take days. One GB with all indexes is a share of 1.
/// </summary>
internal sealed class ClientSeed(Lab lab)
{
    private const string Store = "messageStore";

    /// <summary>What the seeded ids begin with, as none of the client's own does.</summary>
    private const string Mark = "bench-";
    /// <summary>
    /// Random keys thrash the memory and the log that a server has from the start, so MySQL and MariaDB get more for so long, and
    /// PostgreSQL makes its indexes afterwards; what is measured begins with a server as it is delivered.
    /// </summary>
    private static readonly string[] Roomy =
    [
        "SET sql_log_bin = 0",
        "SET @pool = @@GLOBAL.innodb_buffer_pool_size",
        "SET GLOBAL innodb_buffer_pool_size = 4294967296",
    ];

    private static readonly string[] Stock = ["SET GLOBAL innodb_buffer_pool_size = @pool", "SET sql_log_bin = 1"];

    private static readonly string[] WithoutIndexes =
    [
        "SET maintenance_work_mem = '1GB'",
        "UPDATE pg_index SET indisready = false WHERE indrelid IN ('messages'::regclass, 'message_receipt_log'::regclass)",
    ];

    private static readonly string[] Indexes = ["REINDEX TABLE messages", "REINDEX TABLE message_receipt_log", "VACUUM ANALYZE"];

    private long messages;

    private bool IsPostgres => lab.Options.DatabaseEngine == LabDatabaseEngine.PostgreSql;

    /// <summary>Writes the rows; gives the size of the database in MB as the server says it.</summary>
    internal async Task<double> FillAsync(double share, CancellationToken cancellation)
    {
        messages = (long)(1_350_000 * share);
        var receipts = 2 * messages;
        string[] numbers = IsPostgres ? ["CREATE TABLE bench_numbers AS SELECT n FROM generate_series(1::bigint, " + Text(receipts) + ") n"] :
        [
            "CREATE TABLE bench_digits (d int PRIMARY KEY)",
            "INSERT INTO bench_digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
            "CREATE TABLE bench_numbers (n bigint PRIMARY KEY)",
            "INSERT INTO bench_numbers SELECT n FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1000000 * h.d + 10000000 * i.d AS n FROM bench_digits a, bench_digits b, bench_digits c, bench_digits e, bench_digits f, bench_digits g, bench_digits h, bench_digits i WHERE i.d < 2) x WHERE n <= " + Text(receipts),
            "DROP TABLE bench_digits",
        ];
        await ExecuteAsync(
            [
                .. IsPostgres ? WithoutIndexes : [],
                .. numbers,
                $"INSERT INTO messages (message_id, from_me, contact_id, type, body, status, created_at, updated_at) SELECT {Id("n")}, {(IsPostgres ? "n % 2 = 0" : "n % 2")}, CONCAT('4915', n * 7919 % 400000 + 10000000), 'text', CONCAT('Your order ', n, ' is on its way. ', REPEAT('Text ', CAST(n % 20 AS {(IsPostgres ? "int" : "signed")})), {Hash("CONCAT(n, 'a')")}, {Hash("CONCAT(n, 'b')")}), 'read', 1672531200000 + n * 7000, 1672531200000 + n * 7000 FROM bench_numbers WHERE n <= {Text(messages)} ORDER BY n",
                $"INSERT INTO message_receipt_log (message_id, contact_id, status, received_at) SELECT {Id(IsPostgres ? "(n + 1) / 2" : "(n + 1) DIV 2")}, CONCAT('4915', n * 7919 % 400000 + 10000000), CASE WHEN n % 2 = 0 THEN 'read' ELSE 'delivered' END, 1672531200000 + n * 3500 FROM bench_numbers ORDER BY n",
                "DROP TABLE bench_numbers",
                .. IsPostgres ? Indexes : ["ANALYZE TABLE messages, message_receipt_log"],
            ],
            cancellation);
        return await SizeAsync(cancellation);
    }

    /// <summary>One message in a hundred becomes another: half of them in one place, half spread.</summary>
    internal Task ChangeAsync(CancellationToken cancellation) => ExecuteAsync(
        [$"UPDATE messages SET updated_at = updated_at + 1 WHERE message_id LIKE '{Mark}%' AND (id % 200 = 7 OR id BETWEEN {Text(messages / 2)} AND {Text((messages / 2) + (messages / 200))})"],
        cancellation);

    private string Id(string number) => $"CONCAT('{Mark}', {Hash($"CONCAT('', {number})")})";

    /// <summary>32 digits. MySQL has no MD5 any more.</summary>
    private string Hash(string text) => IsPostgres ? $"md5({text})" : $"LEFT(SHA2({text}, 256), 32)";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<double> SizeAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = IsPostgres
            ? "SELECT pg_database_size(current_database())"
            : "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()";
        return Convert.ToDouble(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) / 1e6;
    }

    private async Task ExecuteAsync(IEnumerable<string> statements, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        foreach (var statement in IsPostgres ? statements : [.. Roomy, .. statements, .. Stock])
        {
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
#pragma warning disable CA2100 // The benchmark's own text.
            command.CommandText = statement;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var text = lab.DatabaseServer.ConnectionString(lab.Old.NamePrefix + Store);
        DbConnection connection = IsPostgres ? new NpgsqlConnection(text) : new MySqlConnection(text + ";Allow User Variables=true");
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
