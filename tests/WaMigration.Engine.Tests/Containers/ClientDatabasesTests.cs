using Npgsql;
using WaMigration.Containers;
using WaMigration.Databases;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ClientDatabasesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Databases_are_exactly_prefix_and_store_and_the_rest_is_unclassified()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        foreach (var name in new[] { "waweb", "MESSAGESTORE", "configStore", "configStore_copy", "notes" })
        {
            await stores.CreateAsync(name);
        }

        var listed = await ClientDatabases.ListAsync(stores.Database, lab.Operation);

        Assert.Equal(
            ["MESSAGESTORE=messageStore", "configStore=configStore", "configStore_copy=", "notes=", "waweb=waweb"],
            listed.Select(database => $"{database.Name[stores.Prefix.Length..]}={database.Store}").Order(StringComparer.Ordinal));
        Assert.Equal(2, listed.Count(database => database.IsUnclassified));
    }

    [Fact]
    public async Task Sessions_of_others_are_listed_and_our_own_are_not()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("messageStore");
        await stores.CreateAsync("notes");
        Assert.Empty(await DatabaseSessions.ListForeignAsync(stores.Database, lab.Operation));

        await using var theirs = new NpgsqlConnection(stores.ConnectionString("messageStore", "coreapp"));
        await theirs.OpenAsync(Cancellation);
        await using var ours = new NpgsqlConnection(stores.ConnectionString("messageStore", "WaMigration/run"));
        await ours.OpenAsync(Cancellation);
        await using var elsewhere = new NpgsqlConnection(stores.ConnectionString("notes", "psql"));
        await elsewhere.OpenAsync(Cancellation);

        var session = Assert.Single(await DatabaseSessions.ListForeignAsync(stores.Database, lab.Operation));
        Assert.Equal(stores.Prefix + "messageStore", session.Database);
        Assert.Equal("coreapp", session.Application);
        Assert.Equal("127.0.0.1", session.From);
    }

    [Fact]
    public async Task A_session_keeps_a_client_from_being_proved_stopped_until_it_ends()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("messageStore");
        var setup = lab.Setup("old", database: stores.Database);
        await using (var theirs = new NpgsqlConnection(stores.ConnectionString("messageStore", "coreapp")))
        {
            await theirs.OpenAsync(Cancellation);
            var error = await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation));
            Assert.Equal("SourceStillRunning", error.ErrorId);
            Assert.Contains("coreapp", Assert.Single(error.Evidence), StringComparison.Ordinal);
        }

        NpgsqlConnection.ClearAllPools();
        var evidence = await StoppedProof.RequireAsync(setup, lab.Operation);
        Assert.Null(evidence.Statement);
        Assert.Equal(3, evidence.Seen.Count);
    }

    [Fact]
    public async Task Rows_that_wait_are_counted_by_store_in_tables_whose_names_speak_of_it()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("callbackStore", "create table callbacks (id int)", "insert into callbacks select generate_series(1, 5)", "create table schema_version (v int)", "insert into schema_version values (1)");
        await stores.CreateAsync("jobqueueStore", "create schema q", "create table q.\"Pending Jobs\" (id int)", "insert into q.\"Pending Jobs\" values (1)", "create table empty_queue (id int)");
        await stores.CreateAsync("messageStore", "create table message_queue (id int)", "insert into message_queue values (1)");

        var counted = await PendingWork.CountAsync(stores.Database, lab.Operation);

        Assert.Equal(
            ["callbackStore callbacks 5", "jobqueueStore Pending Jobs 1", "jobqueueStore empty_queue 0"],
            counted.Select(table => $"{table.Store} {table.Table} {table.Rows}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refused_login_and_a_server_that_is_not_there_have_errors_of_their_own()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        var own = stores.Database;
        var wrong = new WaDatabaseServer(own.Engine, own.Server, own.Port, own.UserName, Secret.Conceal("wrong"), own.NamePrefix, WaSslMode.Disable);

        var refused = await Assert.ThrowsAsync<WaException>(() => ClientDatabases.ListAsync(wrong, lab.Operation));
        Assert.Equal("DatabaseLoginRefused", refused.ErrorId);
        Assert.DoesNotContain("wrong", refused.ToString(), StringComparison.Ordinal);

        var gone = await Assert.ThrowsAsync<WaException>(() => ClientDatabases.ListAsync(DockerLab.Database(), lab.Operation));
        Assert.Equal("DatabaseUnreachable", gone.ErrorId);
        Assert.Equal("127.0.0.1:1", gone.Target);

        var other = await Assert.ThrowsAsync<WaException>(() => ClientDatabases.ListAsync(DockerLab.Database(engine: WaDatabaseEngine.Unknown), lab.Operation));
        Assert.Equal("DatabaseEngineNotSupported", other.ErrorId);
    }
}
