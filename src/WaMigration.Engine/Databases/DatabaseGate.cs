namespace WaMigration.Databases;

/// <summary>Lets only those engines through that can be asked.</summary>
internal static class DatabaseGate
{
    internal static void RequireReadable(WaDatabaseServer server)
    {
        if (server.Engine == WaDatabaseEngine.Unknown)
        {
            throw DatabaseErrors.DatabaseEngineNotSupported.Error(server.Server + ":" + server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), server.Engine);
        }
    }
}
