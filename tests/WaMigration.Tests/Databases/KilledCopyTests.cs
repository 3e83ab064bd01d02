using System.Diagnostics;
using System.Globalization;
using Npgsql;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Databases;

/// <summary>The process of a copy is killed at seeded moments; the same command then makes the copy whole.</summary>
public sealed class KilledCopyTests
{
    private const int Kills = 5;

    [Fact]
    public async Task A_killed_copy_goes_on_and_is_equal()
    {
        var server = await LabPostgres.SharedAsync();
        var prefix = "k" + Guid.NewGuid().ToString("N")[..10];
        var random = new Random(7);
        try
        {
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}a_messageStore\"");
            await ExecuteAsync(server, $"{prefix}a_messageStore", "CREATE TABLE m (id int PRIMARY KEY, v text UNIQUE, w text); INSERT INTO m SELECT n, md5(n::text), repeat(md5(n::text), 10) FROM generate_series(1, 120000) n; CREATE INDEX ON m (w); CREATE TABLE n AS SELECT * FROM m");
            for (var kill = 0; kill < Kills; kill++)
            {
                // One that was done before it could be killed is refused the next time, which is no matter here.
                using var victim = Start(server, prefix);
                victim.BeginOutputReadLine();
                victim.BeginErrorReadLine();
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                patience.CancelAfter(random.Next(1500, 7000));
                try
                {
                    await victim.WaitForExitAsync(patience.Token);
                }
                catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
                {
                    victim.Kill();
                    await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
                }
            }

            using var last = Start(server, prefix, "-Update");
            var errors = last.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await last.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(last.ExitCode == 0, output + await errors);
            Assert.Contains("differences: 0", output, StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}a_messageStore\" WITH (FORCE)");
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}b_messageStore\" WITH (FORCE)");
        }
    }

    private static Process Start(LabPostgres server, string prefix, string more = "")
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var sides = $"-DatabaseServer 127.0.0.1 -DatabasePort {port} -DatabaseCredential $login -DatabaseSslMode Disable -NamePrefix {prefix}a_ -DestinationServer 127.0.0.1 -DestinationPort {port} -DestinationCredential $login -DestinationSslMode Disable -DestinationNamePrefix {prefix}b_";
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec", ModuleUnderTest.ShellAssembly, "-NonInteractive", "-Command",
                $$"""
                $ErrorActionPreference = 'Stop'
                Import-Module '{{ModuleUnderTest.Manifest}}'
                $secret = [Security.SecureString]::new()
                foreach ($c in $env:WA_TEST_WORD.ToCharArray()) { $secret.AppendChar($c) }
                $login = [Management.Automation.PSCredential]::new('{{LabPostgres.User}}', $secret)
                Copy-WaDatabase {{sides}} {{more}}
                $different = @(Compare-WaDatabase {{sides}} | Where-Object { -not $_.IsEqual })
                "differences: $($different.Count)"
                """,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["WA_TEST_WORD"] = server.Password;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static async Task ExecuteAsync(LabPostgres server, string database, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Command Timeout=0");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
