using System.Globalization;
using MySqlConnector;
using WaLab.Servers;

namespace WaMigration.Tests.Databases;

/// <summary>Rows of 64 MB of MariaDB and MySQL go through a process that never holds more than one of them.</summary>
public sealed class MySqlLargeRowTests
{
    private const int RowMegabytes = 64;

    /// <summary>All else: the shell, the module, workers and buffers.</summary>
    private const int RestMegabytes = 200;

    [Fact]
    public Task Rows_of_64_MB_of_MariaDB_are_copied_exported_and_imported_within_bounds() => CheckAsync(LabDatabaseEngine.MariaDb);

    [Fact(Explicit = true)]
    public Task Rows_of_64_MB_of_MySQL_are_copied_exported_and_imported_within_bounds() => CheckAsync(LabDatabaseEngine.MySql);

    private static async Task CheckAsync(LabDatabaseEngine engine)
    {
        // Sessions of these tests alone may have such a row.
        const string Packet = "--max-allowed-packet=192M";
        var stop = TestContext.Current.CancellationToken;
        await using ILabDatabaseServer server = engine == LabDatabaseEngine.MariaDb
            ? await LabMariaDb.StartAsync(cancellationToken: stop, more: [Packet, "--innodb-log-file-size=1G"])
            : await LabMySql.StartAsync(cancellationToken: stop, more: [Packet, "--innodb-redo-log-capacity=1G"]);
        var folder = Directory.CreateTempSubdirectory("wamigration-large-");
        try
        {
            await ExecuteAsync(
                server,
                "CREATE DATABASE a_messageStore",
                "CREATE TABLE a_messageStore.large (id int PRIMARY KEY, content longblob)",
                $"INSERT INTO a_messageStore.large SELECT n, REPEAT(UNHEX(SHA2(n, 256)), {RowMegabytes} * 32768) FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) x");

            var login = new MySqlConnectionStringBuilder(server.ConnectionString(string.Empty));
            using var process = ModuleProcess.Start(
                login.UserID,
                login.Password,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""
                    $server = @{ DatabaseEngine = '{{engine}}'; DatabaseServer = '127.0.0.1'; DatabasePort = {{server.Port}}; DatabaseCredential = $login }
                    $destination = @{ DestinationServer = '127.0.0.1'; DestinationPort = {{server.Port}}; DestinationCredential = $login }
                    $null = Copy-WaDatabase @server -NamePrefix a_ @destination -DestinationNamePrefix b_
                    $null = Export-WaDatabase @server -NamePrefix a_ -Path $env:WA_TEST_ARCHIVE | Import-WaDatabase @server -NamePrefix c_
                    $different = @('b', 'c' | ForEach-Object { Compare-WaDatabase @server -NamePrefix a_ @destination -DestinationNamePrefix "$($_)_" } | Where-Object { -not $_.IsEqual })
                    "differences: $($different.Count)"
                    "peak: $([int] ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB))"
                    """),
                Path.Combine(folder.FullName, "a"));
            var output = await ModuleProcess.MustEndAsync(process);

            Assert.Contains("differences: 0", output, StringComparison.Ordinal);
            Assert.InRange(int.Parse(output.Split("peak: ")[1].Trim(), CultureInfo.InvariantCulture), 1, RestMegabytes + RowMegabytes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ExecuteAsync(ILabDatabaseServer server, params string[] statements)
    {
        await using var connection = new MySqlConnection(server.ConnectionString(string.Empty) + ";Default Command Timeout=0");
        await connection.OpenAsync(CancellationToken.None);
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // Tests give constants.
            await using var command = new MySqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
