using System.Diagnostics;
using System.Text.Json.Nodes;
using MySqlConnector;
using WaLab.Servers;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql;
using WaMigration.Databases.MySql.Copying;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Engine.Tests.Simulator;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>Two databases are read while a client writes to both in every transaction: they fit together, and nobody is held up for long.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlMomentTests
{
    private const string Second = "axolotlStore";

    private static readonly string[] Table = ["CREATE TABLE counted (id int PRIMARY KEY, n bigint NOT NULL)", "INSERT INTO counted VALUES (1, 0)"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MariaDb_with_a_binary_log_says_which_snapshots_are_of_one_moment()
    {
        await using var logging = await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: Cancellation, more: "--log-bin=binlog"));
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MariaDb);
        var server = new MySqlLabServer(WaDatabaseEngine.MariaDb, logging.Port, LabMariaDb.User, logging.Password, logging);

        var cut = await FitsAsync(lab, server, LabMariaDb.User, logging.Password);

        Assert.StartsWith("binlog.", cut, StringComparison.Ordinal);
    }

    /// <summary>MariaDB answers in variables of the whole server, so a session that asks may be told the moment of another.</summary>
    [Fact]
    public async Task Sessions_of_MariaDb_that_are_said_to_be_of_one_moment_see_the_same()
    {
        const int Rounds = 100;
        const int Sessions = 4;
        await using var logging = await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: Cancellation, more: "--log-bin=binlog"));
        var server = new MySqlLabServer(WaDatabaseEngine.MariaDb, logging.Port, LabMariaDb.User, logging.Password, logging);
        await server.RunAsync(null, "CREATE DATABASE moments");
        await server.RunAsync("moments", Table);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(server.ConnectionString("moments"), ["UPDATE counted SET n = n + 1"], stop.Token);
        for (var round = 0; round < Rounds; round++)
        {
            using var snapshots = await new MySqlMoment(server.Describe("moments", LabMariaDb.User, logging.Password), WaDatabaseEngine.MariaDb, ["moments"], new RecordingConsole().Operation()).TakeAsync(Sessions);
            Assert.NotNull(snapshots);
            var seen = new System.Collections.Concurrent.ConcurrentBag<long>();
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => snapshots.UseAsync(
                "moments",
                async connection =>
                {
                    // Nobody gives his session back before all have one.
                    seen.Add(await MySqlRows.NumberAsync(connection, "SELECT n FROM counted", Cancellation));
                    if (seen.Count == Sessions)
                    {
                        all.TrySetResult();
                    }

                    await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
                    return true;
                },
                Cancellation)));
            Assert.Single(seen.Distinct());
        }

        await stop.CancelAsync();
        Assert.True((await writing).Written > Rounds);
    }

    /// <summary>The global lock, then the locks of tables: for who may not have the global one, and where a long query is in its way.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task MySql_is_locked_for_the_moment_in_which_snapshots_are_taken(bool isManaged, bool hasLongQuery)
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MySql);
        var (user, password) = (lab.Source.User, lab.Source.Password);
        await using var account = isManaged ? await AccountAsync(lab) : null;
        if (isManaged)
        {
            (user, password) = (lab.Prefix, "a managed password");
        }

        await using var sleeper = new MySqlConnection(lab.Source.ConnectionString(lab.Database));
        await sleeper.OpenAsync(Cancellation);
        await using var query = new MySqlCommand("SELECT SLEEP(60)", sleeper);
        var sleeping = hasLongQuery ? query.ExecuteScalarAsync(Cancellation) : Task.FromResult<object?>(null);

        await FitsAsync(lab, lab.Source, user, password);

        if (hasLongQuery)
        {
            Assert.False(sleeping.IsCompleted);
            await lab.Source.RunAsync(null, $"KILL QUERY {sleeper.ServerThread}");
            await sleeping;
        }
    }

    [Fact]
    public async Task A_lock_that_is_not_had_is_given_up_and_the_manifest_says_that_there_is_no_moment()
    {
        await using var lab = await MySqlCopyLab.StartAsync(WaDatabaseEngine.MySql, Table);
        await using var account = await AccountAsync(lab);
        await lab.Source.RunAsync(null, $"CREATE DATABASE `{lab.Prefix}{Second}`");
        await using var holder = new MySqlConnection(lab.Source.ConnectionString(lab.Database));
        await holder.OpenAsync(Cancellation);

        // Written and not committed: whoever locks waits for it, and everybody else who writes would wait for him.
        await using var open = new MySqlCommand("BEGIN; UPDATE counted SET n = n + 1", holder);
        await open.ExecuteNonQueryAsync(Cancellation);
        await lab.Source.RunAsync(lab.Database, "CREATE TABLE other (id int PRIMARY KEY, n bigint NOT NULL)", "INSERT INTO other VALUES (1, 0)");
        using var stop = new CancellationTokenSource();
        var longest = WriteAsync(lab.Source.ConnectionString(lab.Database), ["UPDATE other SET n = n + 1"], stop.Token);

        await ArchiveExporter.RunAsync(lab.Source.Describe(lab.Prefix, lab.Prefix, "a managed password"), lab.Folder.File("archive"), null, 1, new CopyOptions { AllowActiveClient = true }, lab.Console.Operation());

        await lab.Source.RunAsync(null, $"DROP DATABASE `{lab.Prefix}{Second}`");
        await stop.CancelAsync();
        Assert.InRange((await longest).Pause, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.Equal("each database by itself", (string?)(await ManifestAsync(lab))["consistency"]);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("moment", StringComparison.Ordinal));
    }

    private static async Task<string> FitsAsync(MySqlCopyLab lab, MySqlLabServer server, string user, string password)
    {
        var names = new[] { lab.Database, lab.Prefix + Second };
        try
        {
            foreach (var name in names)
            {
                await server.RunAsync(null, $"CREATE DATABASE IF NOT EXISTS `{name}`");
                await server.RunAsync(name, Table);
            }

            using var stop = new CancellationTokenSource();
            var writing = WriteAsync(server.ConnectionString(lab.Database), [$"UPDATE `{names[0]}`.counted SET n = n + 1", $"UPDATE `{names[1]}`.counted SET n = n + 1"], stop.Token);
            await Wait.UntilAsync(async () => await server.ValueAsync(lab.Database, "SELECT n > 10 FROM counted") == "1", "the client writes");

            await ArchiveExporter.RunAsync(server.Describe(lab.Prefix, user, password), lab.Folder.File("archive"), null, 1, new CopyOptions { AllowActiveClient = true }, lab.Console.Operation());

            await stop.CancelAsync();
            var (written, pause) = await writing;
            Assert.True(written > 0);
            Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(4));
            var manifest = await ManifestAsync(lab);
            Assert.Equal("one moment", (string?)manifest["consistency"]);
            await lab.ImportAsync("archive");
            var copied = await Task.WhenAll(names.Select(name => lab.Target.ValueAsync(name, "SELECT n FROM counted")));
            Assert.Equal(copied[0], copied[1]);
            Assert.NotEqual("0", copied[0]);
            return (string)manifest["cut"]!;
        }
        finally
        {
            await server.RunAsync(null, names.Select(name => $"DROP DATABASE IF EXISTS `{name}`"));
            await lab.Target.RunAsync(null, $"DROP DATABASE IF EXISTS `{names[1]}`");
        }
    }

    private static async Task<JsonNode> ManifestAsync(MySqlCopyLab lab) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(lab.Folder.File("archive"), "manifest.json"), Cancellation))!;

    /// <summary>One transaction after the other; how many, and the longest time that one took.</summary>
    private static async Task<(long Written, TimeSpan Pause)> WriteAsync(string connectionString, string[] statements, CancellationToken stop)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        var (written, pause) = (0L, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
#pragma warning disable CA2100 // Tests give constants.
            await using var command = new MySqlCommand("BEGIN; " + string.Join("; ", statements) + "; COMMIT", connection);
#pragma warning restore CA2100
            try
            {
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                written++;
            }
            catch (MySqlException undone) when (undone.ErrorCode == MySqlErrorCode.LockDeadlock)
            {
                // Locks of several tables may cross a client's: it is told, and does it again.
                await using var back = new MySqlCommand("ROLLBACK", connection);
                await back.ExecuteNonQueryAsync(CancellationToken.None);
            }

            pause = watch.Elapsed > pause ? watch.Elapsed : pause;
        }

        return (written, pause);
    }

    /// <summary>As a provider of servers gives it: everything on these databases, and nothing on the server.</summary>
    private static async Task<IAsyncDisposable> AccountAsync(MySqlCopyLab lab)
    {
        await lab.Source.RunAsync(null, $"CREATE USER '{lab.Prefix}'@'%' IDENTIFIED BY 'a managed password'", $"GRANT ALL ON `{lab.Prefix}%`.* TO '{lab.Prefix}'@'%'");
        return new Dropped(lab);
    }

    private sealed class Dropped(MySqlCopyLab lab) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await lab.Source.RunAsync(null, $"DROP USER '{lab.Prefix}'@'%'");
    }
}
