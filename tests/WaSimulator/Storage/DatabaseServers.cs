using WaSimulator.Hosting;

namespace WaSimulator.Storage;

/// <summary>Chooses the engine by WA_DB_ENGINE.</summary>
internal static class DatabaseServers
{
    public static IDatabaseServer Create(NodeEnvironment environment, INodeNetwork network, SimClock clock, string application)
    {
        return environment.Engine switch
        {
            "PGSQL" => new PostgresServer(environment, network, clock, application),
            "MYSQL" => throw new SimulatorException(
                "WA_DB_ENGINE=MYSQL: this simulator has no MySQL storage; set WA_DB_ENGINE=PGSQL."),
            var other => throw new SimulatorException($"WA_DB_ENGINE={other} is not known; MYSQL and PGSQL are."),
        };
    }
}
