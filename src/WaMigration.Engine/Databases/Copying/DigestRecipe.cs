namespace WaMigration.Databases.Copying;

/// <summary>The ways of making digests. Their ids are in ledgers and archives, so they never change.</summary>
internal static class DigestRecipe
{
    /// <summary>PostgreSQL 14 and later: the sum of hash_record_extended over a record made exact column by column.</summary>
    internal const string PostgresRecord = "pg-record-1";
}
