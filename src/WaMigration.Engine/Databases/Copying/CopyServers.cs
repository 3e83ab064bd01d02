using WaMigration.Databases.MySql.Copying;
using WaMigration.Databases.Postgres.Copying;

namespace WaMigration.Databases.Copying;

/// <summary>The engines that can be copied.</summary>
internal static class CopyServers
{
    internal static ICopyServer Of(WaDatabaseServer server)
    {
        DatabaseGate.RequireReadable(server);
        return server.Engine == WaDatabaseEngine.PostgreSql ? new PostgresServer(server) : new MySqlServer(server);
    }
}
