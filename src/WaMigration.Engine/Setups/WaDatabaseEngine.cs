namespace WaMigration;

/// <summary>The database engine under a client (WA_DB_ENGINE).</summary>
public enum WaDatabaseEngine
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>PostgreSQL; the client calls it PGSQL.</summary>
    PostgreSql,

    /// <summary>MariaDB; the client calls it MYSQL.</summary>
    MariaDb,

    /// <summary>MySQL; the client calls it MYSQL.</summary>
    MySql,
}
