using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using MySqlConnector;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Databases;

/// <summary>The cmdlets of databases on MariaDB and MySQL, with no client anywhere; and their process killed.</summary>
public sealed class MySqlCmdletTests
{
    private const string Server = "-DatabaseEngine $engine -DatabaseServer 127.0.0.1 -DatabasePort $port -DatabaseCredential $login";
    private const string Destination = "-DestinationServer 127.0.0.1 -DestinationPort $port -DestinationCredential { $login }";
    private const int Kills = 3;
    private static readonly string[] Made = ["a_messageStore", "a_waweb", "b_messageStore", "c_messageStore", "d_messageStore"];

    [Theory]
    [InlineData("MariaDb")]
    [InlineData("MySql")]
    public async Task Databases_are_listed_copied_compared_exported_tested_and_imported(string engine)
    {
        var server = await ServerAsync(engine);
        var prefix = "m" + Guid.NewGuid().ToString("N")[..10];
        using var session = new PowerShellSession();
        session.Set("port", server.Port.ToString(CultureInfo.InvariantCulture));
        session.Set("login", new PSCredential("root", Secure(server.Password)));
        session.Set("secret", Secure("under this"));
        session.Set("engine", engine);
        var folder = Directory.CreateTempSubdirectory("wamigration-archive-");
        session.Set("archive", Path.Combine(folder.FullName, "a"));
        try
        {
            await ExecuteAsync(server, $"CREATE DATABASE `{prefix}a_messageStore`", $"CREATE DATABASE `{prefix}a_waweb`", $"CREATE TABLE `{prefix}a_messageStore`.m (id int AUTO_INCREMENT PRIMARY KEY, body text)", $"INSERT INTO `{prefix}a_messageStore`.m (body) VALUES ('a'), ('b'), ('c')");
            session.Set("from", prefix + "a_");
            var listed = session.Run($"Get-WaDatabase {Server} -NamePrefix $from").MustSucceed().Output;
            Assert.Equal([$"{prefix}a_messageStore messageStore 1", $"{prefix}a_waweb waweb 0"], listed.Select(d => $"{ScriptResult.Value(d, "Name")} {ScriptResult.Value(d, "Store")} {ScriptResult.Value(d, "Tables")}").Order(StringComparer.Ordinal));

            session.Set("to", prefix + "b_");
            var copied = session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb").Single();
            Assert.Equal("3 Verified", $"{ScriptResult.Value(copied, "Rows")} {ScriptResult.Value(copied, "State")}");
            Assert.Empty(session.Run($"Compare-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb | Where-Object {{ -not $_.IsEqual }}").MustSucceed().Output);
            Assert.Equal(["TargetDatabaseNotEmpty"], session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb").ErrorIds);

            session.Run($"Export-WaDatabase {Server} -NamePrefix $from -Path $archive -ExcludeWaweb -EncryptionPassword $secret").MustSucceed();
            session.Set("to", prefix + "c_");
            var imported = session.Run($"Test-WaDatabaseArchive $archive -EncryptionPassword $secret | Import-WaDatabase {Server} -NamePrefix $to -EncryptionPassword $secret").Single();
            Assert.Equal("3 Verified", $"{ScriptResult.Value(imported, "Rows")} {ScriptResult.Value(imported, "State")}");

            // By the engine's own tools.
            session.Set("tools", await ToolsAsync(engine, Path.Combine(folder.FullName, "tools")));
            session.Set("to", prefix + "d_");
            Assert.Equal(["UtilityMissing"], session.Run($"Copy-WaDatabase {Server} -NamePrefix $from {Destination} -DestinationNamePrefix $to -ExcludeWaweb -Method Utility -UtilityPath /").ErrorIds);
            var restored = session.Run($"Export-WaDatabase {Server} -NamePrefix $from -Path ($archive + '2') -ExcludeWaweb -Method Utility -UtilityPath $tools | Import-WaDatabase {Server} -NamePrefix $to -UtilityPath $tools").Single();
            Assert.Equal("3 Verified", $"{ScriptResult.Value(restored, "Rows")} {ScriptResult.Value(restored, "State")}");
            session.Set("to", prefix + "c_");
            Assert.Empty(session.Run($"Compare-WaDatabase -Path $archive -EncryptionPassword $secret -DatabaseEngine $engine {Destination} -DestinationNamePrefix $to | Where-Object {{ -not $_.IsEqual }}").MustSucceed().Output);
        }
        finally
        {
            folder.Delete(recursive: true);
            await ExecuteAsync(server, [.. Made.Select(name => $"DROP DATABASE IF EXISTS `{prefix}{name}`")]);
        }
    }

    [Fact]
    public async Task A_killed_copy_goes_on_and_is_equal()
    {
        var server = await ServerAsync("MariaDb");
        var prefix = "k" + Guid.NewGuid().ToString("N")[..10];
        var random = new Random(7);
        try
        {
            await ExecuteAsync(
                server,
                $"CREATE DATABASE `{prefix}a_messageStore`",
                $"CREATE TABLE `{prefix}a_messageStore`.m (id int PRIMARY KEY, v char(32) UNIQUE, w text, KEY (w(40)))",
                $"INSERT INTO `{prefix}a_messageStore`.m SELECT seq, MD5(seq), REPEAT(MD5(seq), 10) FROM `{prefix}a_messageStore`.seq_1_to_120000",
                $"CREATE TABLE `{prefix}a_messageStore`.n AS SELECT * FROM `{prefix}a_messageStore`.m");
            for (var kill = 0; kill < Kills; kill++)
            {
                using var victim = Start(server, prefix);
                await ModuleProcess.KillAfterAsync(victim, random.Next(1500, 6000));
            }

            using var last = Start(server, prefix, "-Update");
            Assert.Contains("differences: 0", await ModuleProcess.MustEndAsync(last), StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(server, $"DROP DATABASE IF EXISTS `{prefix}a_messageStore`", $"DROP DATABASE IF EXISTS `{prefix}b_messageStore`");
        }
    }

    private static async Task<string> ToolsAsync(string engine, string folder)
    {
        if (engine == "MySql")
        {
            (await MySqlBinaries.EnsureAsync(_ => { }, TestContext.Current.CancellationToken)).Publish(folder, "bin/mysqldump", "bin/mysql");
        }
        else
        {
            await MariaDbTools.PublishAsync(folder, TestContext.Current.CancellationToken);
        }

        return folder;
    }

    private static async Task<(int Port, string Password)> ServerAsync(string engine)
    {
        if (engine == "MySql")
        {
            var mine = await LabMySql.SharedAsync();
            return (mine.Port, mine.Password);
        }

        var server = await LabMariaDb.SharedAsync();
        return (server.Port, server.Password);
    }

    private static Process Start((int Port, string Password) server, string prefix, string more = "")
    {
        var sides = string.Create(CultureInfo.InvariantCulture, $"-DatabaseEngine MariaDb -DatabaseServer 127.0.0.1 -DatabasePort {server.Port} -DatabaseCredential $login -NamePrefix {prefix}a_ -DestinationServer 127.0.0.1 -DestinationPort {server.Port} -DestinationCredential $login -DestinationNamePrefix {prefix}b_");
        return ModuleProcess.Start(
            "root",
            server.Password,
            $$"""
            Copy-WaDatabase {{sides}} {{more}}
            $different = @(Compare-WaDatabase {{sides}} | Where-Object { -not $_.IsEqual })
            "differences: $($different.Count)"
            """);
    }

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        text.ToList().ForEach(secret.AppendChar);
        return secret;
    }

    private static async Task ExecuteAsync((int Port, string Password) server, params string[] statements)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder { Server = "127.0.0.1", Port = (uint)server.Port, UserID = "root", Password = server.Password, Pooling = false, DefaultCommandTimeout = 300 }.ConnectionString);
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
