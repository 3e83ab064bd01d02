namespace WaMigration.Databases.Copying;

/// <summary>When an object of a database is made in a copy. The names are in archives, so they never change.</summary>
internal enum SchemaPhase
{
    /// <summary>Before the rows: types, functions, tables without keys.</summary>
    Before,

    /// <summary>As soon as the rows of its table are there: indexes and keys.</summary>
    Index,

    /// <summary>When the rows of all tables are there: foreign keys, checks, triggers, policies.</summary>
    After,

    /// <summary>At the very end: what is computed from the rest, comments, owners, grants.</summary>
    Last,
}
