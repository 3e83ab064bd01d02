namespace WaMigration.Databases.Copying;

/// <summary>The ways of making digests. Their ids are in ledgers and archives, so they never change.</summary>
internal static class DigestRecipe
{
    /// <summary>PostgreSQL 14 and later: the sum of hash_record_extended over a record made exact column by column.</summary>
    internal const string PostgresRecord = "pg-record-1";

    /// <summary>MySQL and MariaDB: the sum of the first 64 bits of SHA-256 over a row whose values stand with their lengths.</summary>
    internal const string MySqlSha2 = "my-sha2-1";

    /// <summary>The one that an engine's digests are made by.</summary>
    internal static string Of(WaDatabaseEngine engine) => engine == WaDatabaseEngine.PostgreSql ? PostgresRecord : MySqlSha2;
}
