using WaLab.Servers;

namespace WaMigration.Benchmarks;

/// <summary>Database servers for measuring: as they are delivered, so all that is committed survives a power cut.</summary>
internal static class StockServers
{
    private static readonly string[] MariaDb = ["--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=O_DIRECT", "--innodb-doublewrite=ON", "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=96M"];

    /// <summary>With its binary log, which is on by default.</summary>
    private static readonly string[] MySql = ["--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=O_DIRECT", "--innodb-doublewrite=ON", "--innodb-buffer-pool-size=128M", "--innodb-redo-log-capacity=100M", "--performance-schema=ON", "--log-bin=binlog", "--sync-binlog=1"];

    internal static async Task<ILabDatabaseServer> StartAsync(LabDatabaseEngine engine, CancellationToken cancellation) => engine switch
    {
        LabDatabaseEngine.PostgreSql => await LabPostgres.StartStockAsync(cancellation),
        LabDatabaseEngine.MariaDb => await LabMariaDb.StartAsync(cancellationToken: cancellation, more: MariaDb),
        _ => await LabMySql.StartAsync(cancellationToken: cancellation, more: MySql),
    };
}
