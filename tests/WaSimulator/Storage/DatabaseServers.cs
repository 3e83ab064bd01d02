using System.Data.Common;
using MySqlConnector;
using Npgsql;
using WaSimulator.Hosting;

namespace WaSimulator.Storage;

/// <summary>Chooses the engine by WA_DB_ENGINE.</summary>
internal static class DatabaseServers
{
    public static IDatabaseServer Create(NodeEnvironment environment, INodeNetwork network, SimClock clock, string application)
    {
        return environment.Engine switch
        {
            "PGSQL" => new PostgresServer(environment, network, clock),
            "MYSQL" => new MySqlServer(environment, network, clock, application),
            var other => throw new SimulatorException($"WA_DB_ENGINE={other} is not known; MYSQL and PGSQL are."),
        };
    }

    /// <summary>The statement failed because its database or its table is not there (yet).</summary>
    public static bool IsMissing(DbException problem) => problem switch
    {
        MySqlException { ErrorCode: MySqlErrorCode.UnknownDatabase or MySqlErrorCode.NoSuchTable } => true,
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable } => true,
        _ => false,
    };
}
