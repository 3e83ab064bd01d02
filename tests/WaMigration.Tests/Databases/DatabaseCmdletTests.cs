using System.Globalization;
using System.Management.Automation;
using System.Security;
using Npgsql;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Databases;

/// <summary>The cmdlets of databases on a server alone: no API and no container is anywhere.</summary>
public sealed class DatabaseCmdletTests
{
    private const string Server = "-DatabaseServer 127.0.0.1 -DatabasePort $port -DatabaseCredential $login -DatabaseSslMode Disable";
    private const string Destination = "-DestinationServer 127.0.0.1 -DestinationPort $port -DestinationCredential { $login } -DestinationSslMode Disable";

    [Fact]
    public async Task Databases_are_listed_copied_compared_exported_tested_and_imported()
    {
        var server = await LabPostgres.SharedAsync();
        var prefix = "m" + Guid.NewGuid().ToString("N")[..10];
        using var session = Session(server);
        var folder = Directory.CreateTempSubdirectory("wamigration-archive-");
        session.Set("archive", Path.Combine(folder.FullName, "a"));
        try
        {
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}a_messageStore\"");
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}a_waweb\"");
            await ExecuteAsync(server, $"{prefix}a_messageStore", "CREATE TABLE m (id serial PRIMARY KEY, body text); INSERT INTO m (body) SELECT 'm' || n FROM generate_series(1, 50) n");
            session.Set("from", prefix + "a_");

            var listed = session.Run($"Get-WaDatabase {Server} -NamePrefix $from").MustSucceed().Output;
            Assert.Equal([$"{prefix}a_messageStore messageStore 1", $"{prefix}a_waweb waweb 0"], listed.Select(d => $"{ScriptResult.Value(d, "Name")} {ScriptResult.Value(d, "Store")} {ScriptResult.Value(d, "Tables")}").Order(StringComparer.Ordinal));

            session.Set("to", prefix + "b_");
            var planned = session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb -WhatIf").MustSucceed();
            Assert.Empty(planned.Output);
            Assert.Contains(planned.WhatIfLines, line => line.Contains("public.m", StringComparison.Ordinal));

            var copied = session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb").Single();
            Assert.Equal("50 Verified", $"{ScriptResult.Value(copied, "Rows")} {ScriptResult.Value(copied, "State")}");
            Assert.Empty(session.Run($"Compare-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb | Where-Object {{ -not $_.IsEqual }}").MustSucceed().Output);

            var again = session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb");
            Assert.Equal(["TargetDatabaseNotEmpty"], again.ErrorIds);

            var archive = session.Run($"Export-WaDatabase {Server} -NamePrefix $from -Path $archive -ExcludeWaweb -EncryptionPassword $secret").Single();
            Assert.Equal([$"{prefix}a_messageStore"], (string[])ScriptResult.Value(archive, "Databases")!);
            Assert.Equal(["ArchivePasswordMissing"], session.Run("Test-WaDatabaseArchive $archive").ErrorIds);
            session.Set("to", prefix + "c_");
            var imported = session.Run($"Test-WaDatabaseArchive $archive -EncryptionPassword $secret | Import-WaDatabase {Server} -NamePrefix $to -EncryptionPassword $secret").Single();
            Assert.Equal("50 Verified", $"{ScriptResult.Value(imported, "Rows")} {ScriptResult.Value(imported, "State")}");
            Assert.Empty(session.Run($"Compare-WaDatabase -Path $archive -EncryptionPassword $secret {Destination} -DestinationNamePrefix $to | Where-Object {{ -not $_.IsEqual }}").MustSucceed().Output);
        }
        finally
        {
            folder.Delete(recursive: true);
            foreach (var name in new[] { "a_messageStore", "a_waweb", "b_messageStore", "c_messageStore" })
            {
                await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}{name}\" WITH (FORCE)");
            }
        }
    }

    [Fact]
    public async Task The_script_of_the_help_decrypts_a_file_of_an_archive()
    {
        var server = await LabPostgres.SharedAsync();
        var prefix = "m" + Guid.NewGuid().ToString("N")[..10];
        using var session = Session(server);
        var folder = Directory.CreateTempSubdirectory("wamigration-archive-");
        session.Set("archive", Path.Combine(folder.FullName, "a"));
        session.Set("from", prefix);
        try
        {
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{prefix}messageStore\"");
            await ExecuteAsync(server, $"{prefix}messageStore", "CREATE TABLE m (id serial PRIMARY KEY, body text); CREATE FUNCTION long() RETURNS text LANGUAGE sql AS 'SELECT ''" + new string('x', 150_000) + "'''");
            session.Run($"Export-WaDatabase {Server} -NamePrefix $from -Path $archive -EncryptionPassword $secret").MustSucceed();
            var script = (string)session.Run("(Get-Help Export-WaDatabase -Full).examples.example | ForEach-Object { $_.code } | Where-Object { $_.Contains('AesGcm') }").Single().BaseObject;
            var plain = Path.Combine(folder.FullName, "plain.sql");

            session.Run(script.Replace("the password", "under this", StringComparison.Ordinal).Replace("/archive/", Path.Combine(folder.FullName, "a") + "/", StringComparison.Ordinal).Replace("/plain.sql", plain, StringComparison.Ordinal)).MustSucceed();

            var text = await File.ReadAllTextAsync(plain, TestContext.Current.CancellationToken);
            Assert.Contains("CREATE TABLE public.m", text, StringComparison.Ordinal);
            Assert.Contains(new string('x', 150_000), text, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{prefix}messageStore\" WITH (FORCE)");
        }
    }

    private static PowerShellSession Session(LabPostgres server)
    {
        var session = new PowerShellSession();
        session.Set("port", server.Port.ToString(CultureInfo.InvariantCulture));
        session.Set("login", new PSCredential(LabPostgres.User, Secure(server.Password)));
        session.Set("secret", Secure("under this"));
        return session;
    }

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        text.ToList().ForEach(secret.AppendChar);
        return secret;
    }

    private static async Task ExecuteAsync(LabPostgres server, string database, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
