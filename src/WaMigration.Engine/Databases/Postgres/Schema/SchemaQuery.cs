using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>
/// Reads all objects of one kind. The server itself writes their statements, since it alone quotes and names types as it
/// will understand them. Columns: oid, name, table (or null), statements.
/// </summary>
/// <param name="Kind">What the objects are.</param>
/// <param name="Catalog">The catalog that they are rows of.</param>
/// <param name="Phase">When they are made.</param>
/// <param name="Sql">The question.</param>
/// <param name="Presence">Without this the question finds nothing, and is not asked; null where it is asked always.</param>
internal sealed record SchemaQuery(string Kind, string Catalog, SchemaPhase Phase, string Sql, string? Presence = null)
{
    /// <summary>The ledger's schema, which is ours and never a part of a database.</summary>
    internal const string LedgerSchema = "_wamigration";

    /// <summary>Schemas of people; n is pg_namespace.</summary>
    internal const string UserSchema = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', '" + LedgerSchema + "')";

    /// <summary>The condition that an object is no part of an extension, which brings it itself.</summary>
    internal static string NoMember(string catalog, string oid) =>
        "NOT EXISTS (SELECT 1 FROM pg_depend mb WHERE mb.classid = '" + catalog + "'::regclass AND mb.objid = " + oid + " AND mb.deptype = 'e')";

    /// <summary>The condition that an object was not made by the server itself together with another.</summary>
    internal static string NoPart(string catalog, string oid) =>
        "NOT EXISTS (SELECT 1 FROM pg_depend pt WHERE pt.classid = '" + catalog + "'::regclass AND pt.objid = " + oid + " AND pt.deptype = 'i')";

    /// <summary>The options of a relation c, as WITH takes them; null where there are none.</summary>
    internal const string RelationOptions =
        "(SELECT string_agg(format('%s=%L', o.prefix || split_part(o.opt, '=', 1), substr(o.opt, strpos(o.opt, '=') + 1)), ', ') FROM ("
        + "SELECT '' AS prefix, unnest(c.reloptions) AS opt UNION ALL "
        + "SELECT 'toast.', unnest(tc.reloptions) FROM pg_class tc WHERE tc.oid = c.reltoastrelid) o)";

    /// <summary>How a sequence s counts, as CREATE SEQUENCE takes it.</summary>
    internal const string SequenceOptions =
        "format(' START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END)";
}
