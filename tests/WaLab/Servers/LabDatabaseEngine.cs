namespace WaLab.Servers;

/// <summary>What database server a lab stands on.</summary>
public enum LabDatabaseEngine
{
    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>MariaDB; the client calls it MYSQL.</summary>
    MariaDb,

    /// <summary>MySQL itself.</summary>
    MySql,
}
