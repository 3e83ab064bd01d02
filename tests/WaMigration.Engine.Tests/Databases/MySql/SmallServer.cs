using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A MariaDB or MySQL server of the test's own, all of whose data, logs and temporary files are on a small disk.</summary>
internal sealed class SmallServer : IAsyncDisposable
{
    private const int RoomToStart = 300;

    /// <summary>It is stopped while its data move, and its logins are to be there afterwards.</summary>
    private const string Written = "--innodb-flush-log-at-trx-commit=2";

    private SmallServer(MySqlLabServer server, SmallDisk disk) => (Server, Disk) = (server, disk);

    internal MySqlLabServer Server { get; }

    internal SmallDisk Disk { get; }

    /// <summary>With so many megabytes beside what a new server needs.</summary>
    internal static async Task<SmallServer> StartAsync(WaDatabaseEngine engine, int megabytes)
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (engine == WaDatabaseEngine.MariaDb)
        {
            var one = await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: cancellation, more: Written));
            return await MoveAsync(new MySqlLabServer(engine, one.Port, LabMariaDb.User, one.Password, one), one.Folder, one.CrashAsync, () => one.RestartAsync(cancellation), megabytes);
        }

        var other = await LabServers.OrSkip(() => LabMySql.StartAsync(cancellationToken: cancellation, more: Written));
        return await MoveAsync(new MySqlLabServer(engine, other.Port, LabMySql.User, other.Password, other), other.Folder, other.CrashAsync, () => other.RestartAsync(cancellation), megabytes);
    }

    /// <summary>The disk first: what is left of it would keep the server's folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Disk.DisposeAsync();
        await Server.Owner.DisposeAsync();
    }

    private static async Task<SmallServer> MoveAsync(MySqlLabServer server, string folder, Func<Task> crashAsync, Func<Task> restartAsync, int megabytes)
    {
        try
        {
            await crashAsync();
            var disk = await SmallDisk.MountOverAsync(Path.Combine(folder, "data"), RoomToStart);
            try
            {
                await restartAsync();

                // What a server makes for itself while it starts is there now.
                await disk.LeaveAsync(megabytes);
                return new SmallServer(server, disk);
            }
            catch
            {
                await disk.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await server.Owner.DisposeAsync();
            throw;
        }
    }
}
