using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A copy that is there is brought up to date: rows are changed where they are, and moved where that cannot be.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlCatchUpTests
{
    private const string Moved = "removed and added anew";

    private static readonly CopyOptions Update = new() { Update = true };

    private static readonly string[] Messages =
    [
        "CREATE TABLE messages (contact varchar(20), n int, code varchar(20) NOT NULL UNIQUE, body text, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, twice int AS (n * 2) STORED, PRIMARY KEY (contact, n), KEY (changed), FULLTEXT (body))",
        "INSERT INTO messages (contact, n, code, body, changed) WITH RECURSIVE numbers AS (SELECT 1 n UNION ALL SELECT n + 1 FROM numbers WHERE n < 900) SELECT CONCAT('c', n % 7), n, CONCAT('code', n), CONCAT('body of ', n), '2023-01-01' FROM numbers",
    ];

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Rows_that_became_others_are_changed_where_they_are(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, [.. Messages, "CREATE TABLE log (what text)", "CREATE TRIGGER noted AFTER UPDATE ON messages FOR EACH ROW INSERT INTO log VALUES (NEW.n)"]);
        await lab.CopyAsync();
        await lab.SourceAsync(
            "UPDATE messages SET body = 'new', changed = '2024-01-01' WHERE n % 50 = 3",
            "DELETE FROM messages WHERE n IN (10, 11)",
            "INSERT INTO messages (contact, n, code, body, changed) VALUES ('c1', 5000, 'code10', NULL, '2023-01-01')",
            "UPDATE messages SET contact = 'C4' WHERE n = 4");

        var tables = await lab.CopyAsync(Update);

        Assert.Equal(WaTableState.Updated, tables.Single(table => table.Table == "`messages`").State);
        Assert.InRange(tables.Single(table => table.Table == "`messages`").Bytes, 1, 4_000);
        Assert.DoesNotContain(lab.Console.Lines, line => line.Contains(Moved, StringComparison.Ordinal));
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Rows_that_took_each_others_unique_values_are_moved(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Messages);
        await lab.CopyAsync();
        await lab.SourceAsync(
            "UPDATE messages SET code = 'for now' WHERE n = 20",
            "UPDATE messages SET code = 'code20' WHERE n = 30",
            "UPDATE messages SET code = 'code30' WHERE n = 20",
            "DELETE FROM messages WHERE n = 40",
            "UPDATE messages SET code = 'code40' WHERE n = 50",
            "INSERT INTO messages (contact, n, code) VALUES ('c1', 5000, 'code50')");

        await lab.CopyAsync(Update);

        Assert.Contains(lab.Console.Lines, line => line.Contains("`messages`: rows are " + Moved, StringComparison.Ordinal) && line.EndsWith(": DuplicateKeyEntry", StringComparison.Ordinal));
        Assert.DoesNotContain(lab.Console.Lines, line => line.Contains("code20", StringComparison.Ordinal));
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Every_value_comes_back_where_it_is(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);
        await lab.CopyAsync();
        var changes = (await lab.Target.AskAsync(
            null,
            $"""
            SELECT CONCAT('UPDATE `', REPLACE(c.table_name, '`', '``'), '` SET ', GROUP_CONCAT('`', REPLACE(c.column_name, '`', '``'), '` = NULL' SEPARATOR ', '))
            FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_schema = '{lab.Database}' AND t.table_type = 'BASE TABLE' AND t.engine = 'InnoDB' AND c.is_nullable = 'YES' AND c.extra NOT LIKE '%GENERATED' AND c.extra NOT LIKE '%GENERATED %' AND c.column_key NOT IN ('PRI', 'UNI')
            GROUP BY c.table_name
            """)).Select(row => row[0]!).ToList();
        Assert.NotEmpty(changes);
        await lab.TargetAsync(["SET foreign_key_checks = 0, sql_mode = 'ALLOW_INVALID_DATES'", .. changes]);
        Assert.NotEmpty(await lab.DifferencesAsync());

        await lab.CopyAsync(Update);

        Assert.DoesNotContain(lab.Console.Lines, line => line.Contains(Moved, StringComparison.Ordinal));
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task An_account_that_may_make_no_temporary_table_moves_rows(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Messages);
        var account = $"`{lab.Prefix.TrimEnd('_')}_t`@`127.0.0.1`";
        await lab.Target.RunAsync(null, $"CREATE USER {account} IDENTIFIED BY 'Secret-1'", $"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, LOCK TABLES ON `{lab.Database}`.* TO {account}");
        try
        {
            var to = lab.Target.Describe(lab.Prefix, lab.Prefix.TrimEnd('_') + "_t", "Secret-1");
            await lab.CopyAsync(to: to);
            await lab.SourceAsync("UPDATE messages SET body = 'new' WHERE n % 50 = 3");

            await lab.CopyAsync(Update, to: to);

            Assert.Contains(lab.Console.Lines, line => line.Contains("`messages`: rows are " + Moved, StringComparison.Ordinal));
            await lab.RequireEqualAsync();
        }
        finally
        {
            await lab.Target.RunAsync(null, $"DROP USER {account}");
        }
    }
}
