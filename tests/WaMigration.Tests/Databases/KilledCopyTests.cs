using System.Diagnostics;
using System.Globalization;
using Npgsql;
using WaLab.Servers;

namespace WaMigration.Tests.Databases;

/// <summary>The process of a copy or an import is killed at seeded moments; the same command then makes it whole.</summary>
public sealed class KilledCopyTests
{
    private const int Kills = 5;
    private const int LongKills = 50;
    private const string Copy = "Copy-WaDatabase @source @destination";
    private const string Import = "Import-WaDatabase -Path $env:WA_TEST_ARCHIVE @target";

    [Fact]
    public Task A_killed_copy_goes_on_and_is_equal() => CheckAsync(Copy, Kills);

    [Fact]
    public Task A_killed_import_goes_on_and_is_equal() => CheckAsync(Import, Kills);

    [Fact(Explicit = true)]
    public Task A_copy_that_is_killed_fifty_times_is_equal() => CheckAsync(Copy, LongKills);

    [Fact(Explicit = true)]
    public Task An_import_that_is_killed_fifty_times_is_equal() => CheckAsync(Import, LongKills);

    private static async Task CheckAsync(string command, int kills)
    {
        var server = await LabPostgres.SharedAsync();
        var prefix = "k" + Guid.NewGuid().ToString("N")[..10];
        var random = new Random(7);
        var folder = Directory.CreateTempSubdirectory("wamigration-killed-");
        var archive = Path.Combine(folder.FullName, "archive");
        try
        {
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}a_messageStore\"");
            await ExecuteAsync(server, $"{prefix}a_messageStore", "CREATE TABLE m (id int PRIMARY KEY, v text UNIQUE, w text); INSERT INTO m SELECT n, md5(n::text), repeat(md5(n::text), 10) FROM generate_series(1, 120000) n; CREATE INDEX ON m (w); CREATE TABLE n AS SELECT * FROM m");
            if (command == Import)
            {
                using var export = Start(server, prefix, archive, "$null = Export-WaDatabase @source -Path $env:WA_TEST_ARCHIVE");
                await ModuleProcess.MustEndAsync(export);
            }

            for (var kill = 0; kill < kills; kill++)
            {
                // One that was done before it could be killed is refused the next time, which is no matter here.
                using var victim = Start(server, prefix, archive, command);
                await ModuleProcess.KillAfterAsync(victim, random.Next(1500, 7000));
            }

            using var last = Start(server, prefix, archive, command + " -Update; $different = @(Compare-WaDatabase @source @destination | Where-Object { -not $_.IsEqual }); \"differences: $($different.Count)\"");
            Assert.Contains("differences: 0", await ModuleProcess.MustEndAsync(last), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}a_messageStore\" WITH (FORCE)");
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}b_messageStore\" WITH (FORCE)");
        }
    }

    private static Process Start(LabPostgres server, string prefix, string archive, string command)
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        return ModuleProcess.Start(
            LabPostgres.User,
            server.Password,
            $$"""
            $source = @{ DatabaseServer = '127.0.0.1'; DatabasePort = {{port}}; DatabaseCredential = $login; DatabaseSslMode = 'Disable'; NamePrefix = '{{prefix}}a_' }
            $target = @{ DatabaseServer = '127.0.0.1'; DatabasePort = {{port}}; DatabaseCredential = $login; DatabaseSslMode = 'Disable'; NamePrefix = '{{prefix}}b_' }
            $destination = @{ DestinationServer = '127.0.0.1'; DestinationPort = {{port}}; DestinationCredential = $login; DestinationSslMode = 'Disable'; DestinationNamePrefix = '{{prefix}}b_' }
            {{command}}
            """,
            archive);
    }

    private static async Task ExecuteAsync(LabPostgres server, string database, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Command Timeout=0");
        await connection.OpenAsync(CancellationToken.None);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
