using MySqlConnector;
using WaLab.Servers;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>What stops a copy between MySQL or MariaDB servers, each with an id of its own, before anything is written.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlRefusalTests
{
    private const string Table = "CREATE TABLE a (id int PRIMARY KEY, v longtext)";
    private const string Filled = "INSERT INTO a VALUES (1, 'x'), (2, 'y')";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task A_target_with_data_is_not_touched_and_a_plan_writes_nothing(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Table, Filled);
        Assert.Empty(await lab.CopyAsync(planOnly: true));
        Assert.False(await lab.TargetExistsAsync());
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("what if: ", StringComparison.Ordinal) && line.Contains("`a`", StringComparison.Ordinal));

        await lab.Target.RunAsync(null, $"CREATE DATABASE `{lab.Database}`");
        Assert.Equal("TargetDatabaseDiffers", await ErrorAsync(() => lab.CopyAsync()));
        await lab.TargetAsync("CREATE TABLE theirs (id int)");
        Assert.Equal("TargetDatabaseNotEmpty", await ErrorAsync(() => lab.CopyAsync()));
        Assert.Equal("TargetObjectsDiffer", await ErrorAsync(() => lab.CopyAsync(new CopyOptions { Update = true })));
        Assert.Equal("1", await lab.Target.ValueAsync(lab.Database, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"));
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task A_server_is_known_by_any_of_its_names_and_a_client_that_is_still_there_is_named(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Table, Filled);
        var other = new WaDatabaseServer(engine, "localhost", lab.Source.Port, lab.Source.User, Security.Secret.Conceal(lab.Source.Password), lab.Prefix);
        Assert.Equal("TargetIsSource", await ErrorAsync(() => lab.CopyAsync(to: other)));

        await using (var theirs = new MySqlConnection(lab.Source.ConnectionString(lab.Database)))
        {
            await theirs.OpenAsync(Cancellation);
            Assert.Equal("ClientStillWriting", await ErrorAsync(() => lab.CopyAsync()));
            await lab.CopyAsync(new CopyOptions { AllowActiveClient = true });

            // A statement that carries bytes is no text, and is looked at all the same.
            await using var bytes = new MySqlCommand("SELECT LENGTH(@value), SLEEP(60)", theirs);
            bytes.Parameters.AddWithValue("value", new byte[] { 0xD9, 0x34, 0x94, 0x62, 0xB4 });
            var running = bytes.ExecuteScalarAsync(Cancellation);
            Assert.Equal("ClientStillWriting", await ErrorAsync(() => lab.CopyAsync()));
            await lab.Source.RunAsync(null, $"KILL QUERY {theirs.ServerThread}");
            await running.ContinueWith(static _ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Wrong_passwords_absent_servers_missing_privileges_and_hidden_objects_are_told_apart(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Table, Filled, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.v = 'z'");
        Assert.Equal("DatabaseLoginRefused", await ErrorAsync(() => lab.CopyAsync(from: lab.Source.Describe(lab.Prefix, password: "wrong"))));
        Assert.Equal("DatabaseUnreachable", await ErrorAsync(() => lab.CopyAsync(to: lab.Target.Describe(lab.Prefix, port: 1))));

        var user = "u" + lab.Prefix.TrimEnd('_');
        foreach (var server in new[] { lab.Source, lab.Target })
        {
            await server.RunAsync(null, $"CREATE USER '{user}'@'127.0.0.1' IDENTIFIED BY 'Pass-1'");
        }

        try
        {
            // SELECT and LOCK TABLES are what many give to those who make backups: they see no trigger, routine or event.
            await lab.Source.RunAsync(null, $"GRANT SELECT, LOCK TABLES ON `{lab.Database}`.* TO '{user}'@'127.0.0.1'");
            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(from: lab.Source.Describe(lab.Prefix, user, "Pass-1")));
            Assert.Equal("CannotSeeEverything", error.ErrorId);
            Assert.Contains($"no TRIGGER on `{lab.Database}`", error.Evidence);
            Assert.Equal("DatabasePrivilegeMissing", await ErrorAsync(() => lab.CopyAsync(to: lab.Target.Describe(lab.Prefix, user, "Pass-1"))));

            // As a cloud provider gives it: all on the databases, nothing on the server.
            await lab.Source.RunAsync(null, $"GRANT ALL ON `{lab.Database}`.* TO '{user}'@'127.0.0.1'");
            await lab.Target.RunAsync(null, $"GRANT ALL ON `{lab.Database.Replace("_", "\\_", StringComparison.Ordinal)}`.* TO '{user}'@'127.0.0.1'");
            await lab.CopyAsync(from: lab.Source.Describe(lab.Prefix, user, "Pass-1"), to: lab.Target.Describe(lab.Prefix, user, "Pass-1"));
            Assert.Single(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("kind trigger", StringComparison.Ordinal) && line.Contains("`t`", StringComparison.Ordinal));
            Assert.Empty(await lab.DifferencesAsync());

            // Triggers cannot be silenced: they go for as long as rows are replaced, and come back.
            await lab.SourceAsync("UPDATE a SET v = 'w' WHERE id = 2");
            await lab.CopyAsync(new CopyOptions { Update = true }, from: lab.Source.Describe(lab.Prefix, user, "Pass-1"), to: lab.Target.Describe(lab.Prefix, user, "Pass-1"));
            Assert.Empty(await lab.DifferencesAsync());
        }
        finally
        {
            foreach (var server in new[] { lab.Source, lab.Target })
            {
                await server.RunAsync(null, $"DROP USER '{user}'@'127.0.0.1'");
            }
        }
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task A_value_that_the_target_could_not_hand_out_is_named(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Table, "INSERT INTO a VALUES (1, REPEAT('x', 3000000))");
        var was = await lab.Target.ValueAsync(null, "SELECT @@global.max_allowed_packet");
        await lab.Target.RunAsync(null, "SET GLOBAL max_allowed_packet = 2097152");
        try
        {
            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());
            Assert.Equal("TargetPacketTooSmall", error.ErrorId);
            Assert.Equal("`a`: 3000000", Assert.Single(error.Evidence));
            Assert.False(await lab.TargetExistsAsync());
        }
        finally
        {
            await lab.Target.RunAsync(null, "SET GLOBAL max_allowed_packet = " + was);
        }

        // Larger than what is read at once, so it comes in slices.
        await lab.CopyAsync();
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task Without_load_data_rows_are_inserted_with_one_warning(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);
        await lab.Target.RunAsync(null, "SET GLOBAL local_infile = 0");
        try
        {
            await lab.CopyAsync();
        }
        finally
        {
            await lab.Target.RunAsync(null, "SET GLOBAL local_infile = 1");
        }

        Assert.Single(lab.Console.Lines, line => line.Contains("local_infile", StringComparison.Ordinal));
        await lab.RequireEqualAsync();
    }

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task A_lock_of_another_is_not_waited_for_without_end(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Table, Filled);
        await lab.CopyAsync();
        await lab.SourceAsync("UPDATE a SET v = 'z'");
        await using var theirs = new MySqlConnection(lab.Target.ConnectionString(null));
        await theirs.OpenAsync(Cancellation);
        await using (var hold = new MySqlCommand($"LOCK TABLES `{lab.Database}`.a WRITE", theirs))
        {
            await hold.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.Equal("DatabaseLockNotHad", await ErrorAsync(() => lab.CopyAsync(new CopyOptions { Update = true })));
        await theirs.CloseAsync();

        await lab.CopyAsync(new CopyOptions { Update = true });
        await lab.RequireEqualAsync();
    }

    [Fact]
    public async Task A_server_that_lets_nobody_make_triggers_is_named_before_anything_is_made()
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MariaDb, Table, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.v = 'z'");
        await using var logging = await LabServers.OrSkip(() => LabMariaDb.StartAsync(log: null, null, Cancellation, "--log-bin", "--server-id=2"));
        var server = new MySqlLabServer(WaDatabaseEngine.MariaDb, logging.Port, LabMariaDb.User, logging.Password, logging);
        await server.RunAsync(null, "CREATE USER 'managed'@'127.0.0.1' IDENTIFIED BY 'p'", "GRANT ALL ON `c%`.* TO 'managed'@'127.0.0.1'");

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(to: server.Describe(lab.Prefix, "managed", "p")));

        Assert.Equal("TargetRefusesPrograms", error.ErrorId);
        Assert.Contains("trigger `t`", error.Message, StringComparison.Ordinal);
        await server.RunAsync(null, "SET GLOBAL log_bin_trust_function_creators = 1");
        await lab.CopyAsync(to: server.Describe(lab.Prefix, "managed", "p"));
    }

    [Fact]
    public async Task A_server_that_wants_primary_keys_is_named_before_anything_is_made()
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MySql, "CREATE TABLE keyless (v int)");
        var user = "u" + lab.Prefix.TrimEnd('_');
        await lab.Target.RunAsync(null, $"CREATE USER '{user}'@'127.0.0.1' IDENTIFIED BY 'Pass-1'", $"GRANT ALL ON `{lab.Database}`.* TO '{user}'@'127.0.0.1'", "SET GLOBAL sql_require_primary_key = 1");
        try
        {
            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(to: lab.Target.Describe(lab.Prefix, user, "Pass-1")));
            Assert.Equal("TargetRequiresPrimaryKeys", error.ErrorId);
            Assert.Equal("table `keyless`", Assert.Single(error.Evidence));
            Assert.False(await lab.TargetExistsAsync());

            // Who may lift it for his own session lifts it.
            await lab.CopyAsync();
        }
        finally
        {
            await lab.Target.RunAsync(null, "SET GLOBAL sql_require_primary_key = 0", $"DROP USER '{user}'@'127.0.0.1'");
        }
    }

    [Fact]
    public async Task Json_values_that_a_text_cannot_carry_are_named()
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MySql, "CREATE TABLE d (id int PRIMARY KEY, j json)", "INSERT INTO d VALUES (1, JSON_OBJECT('n', 1.5e0)), (2, JSON_OBJECT('a', JSON_ARRAY(1, CAST(1.50 AS DECIMAL(5,2))))), (3, CAST(CAST('2020-01-01' AS DATE) AS JSON))");

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

        Assert.Equal("DatabaseObjectsNotCarried", error.ErrorId);
        Assert.Contains("`d`.`j`: 2 rows", Assert.Single(error.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_made_of_others_is_carried_without_rows_of_its_own()
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MySql, "CREATE TABLE far (id int, KEY (id)) ENGINE=MyISAM", "CREATE TABLE many (id int, KEY (id)) ENGINE=MRG_MyISAM UNION=(far)");
        await lab.Target.RunAsync(null, $"CREATE DATABASE `{lab.Database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");

        await lab.CopyAsync();

        await lab.RequireEqualAsync();
    }

    private static async Task<string> ErrorAsync(Func<Task> work) => (await Assert.ThrowsAsync<WaException>(work)).ErrorId;
}
