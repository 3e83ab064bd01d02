using Npgsql;
using WaLab.Servers;
using Xunit;

namespace WaMigration.Engine.Tests.Lab;

public sealed class LabPostgresTests
{
    [Fact]
    public async Task A_server_takes_its_password_and_leaves_nothing_behind()
    {
        var cancellation = TestContext.Current.CancellationToken;
        string folder;
        int processId;
        await using (var server = await LabServers.StartPostgresAsync())
        {
            folder = server.Folder;
            processId = server.ProcessId;
            await using var connection = new NpgsqlConnection(server.ConnectionString());
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("select current_setting('fsync')", connection);
            Assert.Equal("off", await command.ExecuteScalarAsync(cancellation));
            Assert.True(Directory.Exists($"/proc/{processId}"));
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists($"/proc/{processId}"));
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await LabServers.StartPostgresAsync();
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "wrong" };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task The_shared_server_is_one()
    {
        var first = await LabServers.SharedPostgresAsync();
        Assert.Same(first, await LabServers.SharedPostgresAsync());
    }
}
