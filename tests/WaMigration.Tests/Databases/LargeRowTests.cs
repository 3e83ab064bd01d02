using System.Globalization;
using Npgsql;
using WaLab.Servers;

namespace WaMigration.Tests.Databases;

/// <summary>Rows of 64 MB go through a process that never holds more than one of them.</summary>
public sealed class LargeRowTests
{
    private const int RowMegabytes = 64;

    /// <summary>All else: the shell, the module, workers and buffers.</summary>
    private const int RestMegabytes = 200;

    [Fact]
    public async Task Rows_of_64_MB_are_copied_exported_and_imported_within_bounds()
    {
        var server = await LabPostgres.SharedAsync();
        var prefix = "l" + Guid.NewGuid().ToString("N")[..10];
        var folder = Directory.CreateTempSubdirectory("wamigration-large-");
        try
        {
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}a_messageStore\"");
            await ExecuteAsync(
                server,
                $"{prefix}a_messageStore",
                $"CREATE TABLE large (id int PRIMARY KEY, content bytea); ALTER TABLE large ALTER content SET STORAGE EXTERNAL; INSERT INTO large SELECT n, decode(repeat(md5(n::text), {RowMegabytes} * 65536), 'hex') FROM generate_series(1, 3) n");

            var output = await RunAsync(server, prefix, folder.FullName);

            Assert.Contains("differences: 0", output, StringComparison.Ordinal);
            var peak = int.Parse(output.Split("peak: ")[1].Trim(), CultureInfo.InvariantCulture);
            Assert.InRange(peak, 1, RestMegabytes + RowMegabytes);
        }
        finally
        {
            folder.Delete(recursive: true);
            foreach (var side in new[] { "a", "b", "c" })
            {
                await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}{side}_messageStore\" WITH (FORCE)");
            }
        }
    }

    private static async Task<string> RunAsync(LabPostgres server, string prefix, string folder)
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        using var process = ModuleProcess.Start(
            LabPostgres.User,
            server.Password,
            $$"""
            $server = @{ DatabaseServer = '127.0.0.1'; DatabasePort = {{port}}; DatabaseCredential = $login; DatabaseSslMode = 'Disable' }
            $destination = @{ DestinationServer = '127.0.0.1'; DestinationPort = {{port}}; DestinationCredential = $login; DestinationSslMode = 'Disable' }
            $null = Copy-WaDatabase @server -NamePrefix {{prefix}}a_ @destination -DestinationNamePrefix {{prefix}}b_
            $null = Export-WaDatabase @server -NamePrefix {{prefix}}a_ -Path $env:WA_TEST_ARCHIVE | Import-WaDatabase @server -NamePrefix {{prefix}}c_
            $different = @('b', 'c' | ForEach-Object { Compare-WaDatabase @server -NamePrefix {{prefix}}a_ @destination -DestinationNamePrefix "{{prefix}}$($_)_" } | Where-Object { -not $_.IsEqual })
            "differences: $($different.Count)"
            "peak: $([int] ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB))"
            """,
            Path.Combine(folder, "a"));
        return await ModuleProcess.MustEndAsync(process);
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
