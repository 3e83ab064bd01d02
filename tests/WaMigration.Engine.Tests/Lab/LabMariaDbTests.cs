using MySqlConnector;
using WaLab.Servers;

namespace WaMigration.Engine.Tests.Lab;

public sealed class LabMariaDbTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_takes_its_password_and_leaves_nothing_behind()
    {
        string folder;
        int processId;
        await using (var server = await LabServers.StartMariaDbAsync())
        {
            folder = server.Folder;
            processId = server.ProcessId;
            await using var connection = new MySqlConnection(server.ConnectionString());
            await connection.OpenAsync(Cancellation);
            await using var command = new MySqlCommand("select version()", connection);
            Assert.Contains("MariaDB", (string?)await command.ExecuteScalarAsync(Cancellation), StringComparison.Ordinal);
            Assert.True(Directory.Exists($"/proc/{processId}"));
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists($"/proc/{processId}"));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Another_password_is_refused(string password)
    {
        await using var server = await LabServers.StartMariaDbAsync();
        var settings = new MySqlConnectionStringBuilder(server.ConnectionString()) { Password = password };
        await using var connection = new MySqlConnection(settings.ConnectionString);
        var refused = await Assert.ThrowsAsync<MySqlException>(() => connection.OpenAsync(Cancellation));
        Assert.Equal(MySqlErrorCode.AccessDenied, refused.ErrorCode);
    }
}
