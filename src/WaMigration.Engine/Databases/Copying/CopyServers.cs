using WaMigration.Databases.Postgres.Copying;

namespace WaMigration.Databases.Copying;

/// <summary>The engines that can be copied.</summary>
internal static class CopyServers
{
    internal static ICopyServer Of(WaDatabaseServer server)
    {
        DatabaseGate.RequireReadable(server);
        return new PostgresServer(server);
    }
}
