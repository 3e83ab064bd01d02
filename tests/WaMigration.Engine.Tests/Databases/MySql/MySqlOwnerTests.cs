using MySqlConnector;
using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>The accounts that objects act as, and what accounts and roles may do, are carried where that is asked for.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlOwnerTests
{
    private const string Host = "127.0.0.1";
    private static readonly CopyOptions WithOwners = new() { IncludeOwner = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Definers_grants_and_those_of_roles_are_carried_and_no_password_is(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);
        await using var accounts = new Accounts(lab);
        await accounts.MakeAsync(lab.Source, "Secret-of-old-1");
        await lab.SourceAsync(
            $"CREATE DEFINER = {accounts.Definer} SQL SECURITY DEFINER VIEW of_definer AS SELECT k, seen FROM hidden",
            $"CREATE DEFINER = {accounts.Definer} FUNCTION by_definer() RETURNS int DETERMINISTIC READS SQL DATA RETURN (SELECT COUNT(*) FROM hidden)",
            $"CREATE DEFINER = {accounts.Definer} TRIGGER tr_definer BEFORE INSERT ON hidden FOR EACH ROW SET NEW.seen = 1",
            $"GRANT ALL ON `{lab.Database.Replace("_", "\\_", StringComparison.Ordinal)}`.* TO {accounts.Definer}",
            $"GRANT SELECT ON `{lab.Prefix.Replace("_", "\\_", StringComparison.Ordinal)}%`.* TO {accounts.Role} WITH GRANT OPTION",
            $"GRANT UPDATE (d2, `y`), SELECT (k, `y`) ON numbers TO {accounts.User} WITH GRANT OPTION",
            $"GRANT SELECT, DELETE ON `strange ``name``.日本` TO {accounts.User}",
            $"GRANT SELECT ON a_view TO {accounts.User}",
            $"GRANT EXECUTE ON PROCEDURE note TO {accounts.User}",
            $"GRANT EXECUTE, ALTER ROUTINE ON FUNCTION twice TO {accounts.Role}",
            "CREATE TABLE goes (a int)",
            $"GRANT SELECT ON goes TO {accounts.User}",
            "DROP TABLE goes");

        // Nothing is written while an account is missing.
        var missing = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners));
        Assert.Equal("TargetLacksWhatIsNeeded", missing.ErrorId);
        Assert.Equal(new[] { accounts.Definer, accounts.Role, accounts.User }.Select(account => "account " + account).Order(StringComparer.Ordinal), missing.Evidence);
        Assert.False(await lab.TargetExistsAsync());

        // Without being asked they stay behind, which is said.
        await lab.CopyAsync();
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("-IncludeOwner", StringComparison.Ordinal));
        await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");

        await accounts.MakeAsync(lab.Target, "Secret-of-new-1");
        await lab.CopyAsync(WithOwners);
        await RequireAlikeAsync(lab, accounts);
        await RequireEffectAsync(lab, accounts);

        // One grant more or less is a difference where owners count.
        Assert.Empty(await DifferencesAsync(lab, WithOwners));
        await lab.TargetAsync($"REVOKE DELETE ON `strange ``name``.日本` FROM {accounts.User}");
        Assert.Contains("privileges " + accounts.User, Assert.Single(await DifferencesAsync(lab, WithOwners)), StringComparison.Ordinal);
        Assert.Empty(await DifferencesAsync(lab, new CopyOptions()));
        Assert.Equal("TargetObjectsDiffer", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners with { Update = true }))).ErrorId);

        // Through an archive, which has no password and no hash of one; the accounts are fresh ones.
        await lab.ExportAsync("plain");
        await lab.ExportAsync("owners", options: WithOwners);
        await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");
        await accounts.DropAsync(lab.Target);
        Assert.Equal("ArchiveHasNoOwners", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("plain", options: WithOwners))).ErrorId);
        Assert.Equal("TargetLacksWhatIsNeeded", (await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("owners", options: WithOwners))).ErrorId);
        await accounts.MakeAsync(lab.Target, "Secret-of-new-2");
        await lab.ImportAsync("owners", options: WithOwners);
        await RequireAlikeAsync(lab, accounts);
        await RequireEffectAsync(lab, accounts);
        var hashes = (await lab.Source.AskAsync(null, $"SELECT authentication_string FROM mysql.user WHERE user LIKE '{accounts.Name}%' AND authentication_string <> ''")).Select(row => row[0]).ToList();
        Assert.NotEmpty(hashes);
        foreach (var text in Directory.EnumerateFiles(lab.Folder.File("owners"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Append(string.Join("\n", lab.Console.Lines)))
        {
            Assert.DoesNotContain("Secret-of-", text, StringComparison.Ordinal);
            Assert.DoesNotContain(hashes, hash => text.Contains(hash, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task A_managed_role_is_told_beforehand_what_it_may_not_carry(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, "CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1), (2)");
        await using var accounts = new Accounts(lab);
        foreach (var server in new[] { lab.Source, lab.Target })
        {
            // Its privileges come by a role, as some providers give them: nothing on the server, no definer for others.
            await accounts.MakeAsync(server, "Secret-1");
            await server.RunAsync(null, $"GRANT ALL ON `{lab.Database}`.* TO {accounts.Role}", $"GRANT {accounts.Role} TO {accounts.User}", $"SET DEFAULT ROLE {accounts.Role} {(engine == WaDatabaseEngine.MySql ? "TO" : "FOR")} {accounts.User}");
        }

        await lab.SourceAsync($"CREATE DEFINER = {accounts.Definer} VIEW v AS SELECT id FROM a");
        var (from, to) = (lab.Source.Describe(lab.Prefix, accounts.Name + "_u", "Secret-1"), lab.Target.Describe(lab.Prefix, accounts.Name + "_u", "Secret-1"));

        // Without owners it does the whole copy, and says whose objects act as itself from now on.
        await lab.CopyAsync(from: from, to: to);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(accounts.Definer, StringComparison.Ordinal));
        await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");

        var blind = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners, from: from, to: to));
        Assert.Equal("CannotSeeEverything", blind.ErrorId);
        Assert.Equal("no SELECT on `mysql`", Assert.Single(blind.Evidence));
        Assert.Equal("CannotSeeEverything", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners, to: to))).ErrorId);

        foreach (var server in new[] { lab.Source, lab.Target })
        {
            await server.RunAsync(null, $"GRANT SELECT ON mysql.* TO {accounts.Role}");
        }

        var definer = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners, from: from, to: to));
        Assert.Equal("DatabasePrivilegeMissing", definer.ErrorId);
        Assert.Contains(accounts.Definer, definer.Message, StringComparison.Ordinal);
        await lab.Target.RunAsync(null, $"GRANT {(engine == WaDatabaseEngine.MySql ? "SET_ANY_DEFINER" : "SET USER")} ON *.* TO {accounts.Role}");
        var option = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(WithOwners, from: from, to: to));
        Assert.Equal("DatabasePrivilegeMissing", option.ErrorId);
        Assert.Contains("WITH GRANT OPTION", option.Message, StringComparison.Ordinal);
        Assert.False(await lab.TargetExistsAsync());

        await lab.Target.RunAsync(null, $"GRANT ALL ON `{lab.Database}`.* TO {accounts.Role} WITH GRANT OPTION");
        await lab.SourceAsync($"GRANT ALL ON `{lab.Database}`.* TO {accounts.Role} WITH GRANT OPTION", $"GRANT SELECT ON v TO {accounts.Definer}");
        await lab.CopyAsync(WithOwners, from: from, to: to);
        await RequireAlikeAsync(lab, accounts);
        Assert.Empty(await DifferencesAsync(lab, WithOwners));
    }

    /// <summary>By questions that are not the module's own: what the servers' own tables say of these accounts and this database.</summary>
    private static async Task RequireAlikeAsync(MySqlCopyLab lab, Accounts accounts)
    {
        await lab.RequireEqualAsync();
        var source = await GrantsAsync(lab.Source);
        Assert.NotEmpty(source);
        Assert.Equal(source, await GrantsAsync(lab.Target));

        async Task<IReadOnlyList<string>> GrantsAsync(MySqlLabServer server)
        {
            var rows = new List<string>();
            foreach (var question in new[]
            {
                $"SELECT user, host, select_priv, insert_priv, grant_priv, trigger_priv, event_priv FROM mysql.db WHERE '{lab.Database}' LIKE db AND user LIKE '{accounts.Name}%' ORDER BY 1, 2",
                $"SELECT user, host, table_name, table_priv, column_priv FROM mysql.tables_priv WHERE db = '{lab.Database}' AND user LIKE '{accounts.Name}%' AND table_name <> 'goes' ORDER BY 1, 2, 3",
                $"SELECT user, host, table_name, column_name, column_priv FROM mysql.columns_priv WHERE db = '{lab.Database}' AND user LIKE '{accounts.Name}%' ORDER BY 1, 2, 3, 4",
                $"SELECT user, host, routine_name, routine_type, proc_priv FROM mysql.procs_priv WHERE db = '{lab.Database}' AND user LIKE '{accounts.Name}%' ORDER BY 1, 2, 3",
            })
            {
                rows.AddRange((await server.AskAsync(null, question)).Select(row => string.Join(" | ", row)));
            }

            return rows;
        }
    }

    /// <summary>The account does on the target what it was given, and nothing else.</summary>
    private static async Task RequireEffectAsync(MySqlCopyLab lab, Accounts accounts)
    {
        var user = lab.Target with { User = accounts.Name + "_u", Password = accounts.Password };
        Assert.Equal("4", await user.ValueAsync(lab.Database, "SELECT COUNT(`y`) FROM numbers"));
        await Assert.ThrowsAsync<MySqlException>(() => user.ValueAsync(lab.Database, "SELECT COUNT(dd) FROM numbers"));
        await Assert.ThrowsAsync<MySqlException>(() => user.ValueAsync(lab.Database, "SELECT COUNT(*) FROM hidden"));
    }

    private static async Task<IReadOnlyList<string>> DifferencesAsync(MySqlCopyLab lab, CopyOptions options)
    {
        var found = new System.Collections.Concurrent.ConcurrentQueue<WaTableComparison>();
        await DatabaseComparer.RunAsync(lab.Source.Describe(lab.Prefix), lab.Target.Describe(lab.Prefix), options, found.Enqueue, lab.Console.Operation());
        return [.. found.Where(one => !one.IsEqual).Select(one => one.Detail)];
    }

    /// <summary>A user, an account that objects act as, and a role, on both servers as long as the test runs.</summary>
    private sealed class Accounts(MySqlCopyLab lab) : IAsyncDisposable
    {
        internal string Name { get; } = "o" + lab.Prefix.TrimEnd('_');

        internal string Password { get; private set; } = string.Empty;

        internal string User => $"`{Name}_u`@`{Host}`";

        internal string Definer => $"`{Name}_it's`@`{Host}`";

        internal string Role => lab.Source.Engine == WaDatabaseEngine.MySql ? $"`{Name}_r`@`%`" : $"`{Name}_r`";

        internal async Task MakeAsync(MySqlLabServer server, string password)
        {
            Password = password;
            await server.RunAsync(null, $"CREATE USER {User} IDENTIFIED BY '{password}'", $"CREATE USER {Definer} IDENTIFIED BY '{password}'", $"CREATE ROLE {Role}");
        }

        internal Task DropAsync(MySqlLabServer server) => server.RunAsync(null, $"DROP USER IF EXISTS {User}, {Definer}", $"DROP ROLE IF EXISTS {Role}");

        public async ValueTask DisposeAsync()
        {
            await DropAsync(lab.Source);
            await DropAsync(lab.Target);
        }
    }
}
