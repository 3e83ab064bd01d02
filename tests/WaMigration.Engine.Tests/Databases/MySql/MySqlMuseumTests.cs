using System.Diagnostics;
using WaLab.Servers;
using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A database that holds every kind of object and value goes from server to server and through an archive.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlMuseumTests
{
    /// <summary>What is changed on the target, one at a time, and where it must be seen.</summary>
    private static readonly (string Kind, string Change)[] Changes =
    [
        ("table", "UPDATE numbers SET f = 16777218 WHERE k = 9"),
        ("table", "UPDATE numbers SET dd = 0.3 WHERE k = 9"),
        ("table", "UPDATE numbers SET b1 = 1 WHERE k = 8"),
        ("table", "UPDATE texts SET l = CONCAT(l, ' ') WHERE k = 'ß'"),
        ("table", "UPDATE texts SET e = '' WHERE k = 'bad enum'"),
        ("table", "UPDATE texts SET lt = NULL WHERE k = 'ß'"),
        ("table", "UPDATE texts SET tt = 'b', s = '' WHERE s = 'b'"),
        ("table", "UPDATE texts SET k = 'SS' WHERE k = 'ß'"),
        ("table", "UPDATE times SET ts = ts + INTERVAL 1 SECOND WHERE k = 2"),
        ("table", "UPDATE binaries SET lb = CONCAT(SUBSTRING(lb, 1, 150000), 'x', SUBSTRING(lb, 150002)) WHERE lb IS NOT NULL"),
        ("table", "UPDATE documents SET j = '1.5' WHERE k = 6"),
        ("table", "UPDATE hidden SET unseen = 8 WHERE k = 2"),
        ("table", "DELETE FROM `strange ``name``.日本` LIMIT 1"),
        ("sequences", "ALTER TABLE children AUTO_INCREMENT = 1001"),
        ("objects", "ALTER TABLE texts DROP KEY cut"),
        ("objects", "ALTER TABLE parents COMMENT 'new'"),
        ("objects", "DROP TRIGGER after_delete"),
        ("objects", "ALTER EVENT now_and_then COMMENT 'u'"),
        ("objects", "ALTER FUNCTION twice COMMENT 'thrice'"),
        ("objects", "ALTER TABLE children DROP FOREIGN KEY to_code"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<WaDatabaseEngine> Engines => [WaDatabaseEngine.MariaDb, WaDatabaseEngine.MySql];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_copy_is_what_the_source_is_and_each_single_change_is_found(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);

        var tables = await lab.CopyAsync();

        Assert.All(tables, table => Assert.Equal(WaTableState.Verified, table.State));
        await lab.RequireEqualAsync();
        Assert.Empty(await lab.DifferencesAsync());
        foreach (var (kind, change) in Changes)
        {
            await lab.TargetAsync("SET sql_mode = 'ALLOW_INVALID_DATES', foreign_key_checks = 0", change);
            var differences = await lab.DifferencesAsync();
            Assert.True(differences.Count == 1 && differences[0].StartsWith(kind, StringComparison.Ordinal), $"{change}: {string.Join("; ", differences)}");
            if (kind == "objects")
            {
                await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");
                await lab.CopyAsync();
            }
            else
            {
                await lab.CopyAsync(new CopyOptions { Update = true });
            }
        }

        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_archive_gives_back_what_the_source_is(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);

        await lab.ExportAsync("archive", "a password");
        await lab.ImportAsync("archive", "a password");

        await lab.RequireEqualAsync();
        await lab.TargetAsync("UPDATE numbers SET i = 1 WHERE k = 0", "DELETE FROM my_isam WHERE b = 1");
        var tables = await lab.ImportAsync("archive", "a password", new CopyOptions { Update = true });
        Assert.Equal(["`my_isam`", "`numbers`"], tables.Where(table => table.State == WaTableState.Updated).Select(table => table.Table).Order(StringComparer.Ordinal));
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_archive_is_restored_by_hand_as_its_readme_says(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);
        await lab.ExportAsync("archive");
        var archive = lab.Folder.File("archive");
        Assert.Contains($"d01  {lab.Database} (character set utf8mb4, collation utf8mb4_bin)", await File.ReadAllTextAsync(Path.Combine(archive, "README.txt"), Cancellation), StringComparison.Ordinal);
        await lab.Target.RunAsync(null, $"CREATE DATABASE `{lab.Database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        var tools = lab.Folder.File("tools");
        if (engine == WaDatabaseEngine.MySql)
        {
            (await MySqlBinaries.EnsureAsync(_ => { }, Cancellation)).Publish(tools, "bin/mysql");
        }
        else
        {
            await MariaDbTools.PublishAsync(tools, Cancellation);
        }

        var login = lab.Folder.File("login.cnf");
        await File.WriteAllTextAsync(login, FormattableString.Invariant($"[client]\nprotocol=TCP\nhost=127.0.0.1\nport={lab.Target.Port}\nuser={lab.Target.User}\npassword={lab.Target.Password}\n"), Cancellation);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", ArchiveReadmeCommands.Of(archive)])
        {
            WorkingDirectory = Path.Combine(archive, "d01"),
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = tools + ":" + Environment.GetEnvironmentVariable("PATH"), ["LOGIN"] = login, ["NAME"] = lab.Database },
        })!;
        var (said, errors) = (shell.StandardOutput.ReadToEndAsync(Cancellation), shell.StandardError.ReadToEndAsync(Cancellation));
        await shell.WaitForExitAsync(Cancellation);

        Assert.True(shell.ExitCode == 0, await errors + await said);
        await lab.RequireEqualAsync();
    }
}
