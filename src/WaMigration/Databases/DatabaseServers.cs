using System.Management.Automation;
using System.Security;
using WaMigration.Databases.Copying;

namespace WaMigration.Commands;

/// <summary>Makes the description of a database server of what a cmdlet was given.</summary>
internal static class DatabaseServers
{
    private const int PostgresPort = 5432;
    private const int MySqlPort = 3306;

    internal static WaDatabaseServer Of(WaSetup setup) =>
        setup.Database ?? throw CopyErrors.DatabaseServerNotKnown.Error(setup.Name);

    internal static WaDatabaseServer Of(WaDatabaseEngine engine, string server, int? port, PSCredential credential, string prefix, WaSslMode sslMode) =>
        new(engine, server, port ?? (engine == WaDatabaseEngine.PostgreSql ? PostgresPort : MySqlPort), credential.UserName, credential.Password ?? new SecureString(), prefix, sslMode);
}
