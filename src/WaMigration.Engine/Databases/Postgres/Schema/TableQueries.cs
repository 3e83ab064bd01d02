using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaPresence;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Tables, sequences, defaults and views.</summary>
internal static class TableQueries
{
    private const string Relation = "format('%I.%I', n.nspname, c.relname)";
    private const string From = " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ";

    /// <summary>The name of a collation by its oid.</summary>
    private const string CollationOf =
        "(SELECT format('%I.%I', cn.nspname, cl.collname) FROM pg_collation cl JOIN pg_namespace cn ON cn.oid = cl.collnamespace WHERE cl.oid = a.attcollation)";

    private static readonly string Ours = UserSchema + " AND c.relpersistence <> 't' AND " + NoMember("pg_class", "c.oid");

    internal static IEnumerable<SchemaQuery> All() =>
    [
        new("table", "pg_class", SchemaPhase.Before, Tables()),
        new("sequence", "pg_class", SchemaPhase.Before,
            "SELECT c.oid, " + Relation + ", NULL, array_remove(ARRAY[format('CREATE %sSEQUENCE %I.%I AS %s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname, format_type(s.seqtypid, NULL)) || " + SequenceOptions + ", "
            + "(SELECT format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, tc.relname, ta.attname) FROM pg_depend d JOIN pg_class tc ON tc.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = tc.relnamespace "
            + "JOIN pg_attribute ta ON ta.attrelid = tc.oid AND ta.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a' AND d.refobjsubid > 0)], NULL) "
            + "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid WHERE "
            + "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i') AND " + Ours,
            Made("pg_class", "relkind = 'S'")),
        new("default", "pg_attrdef", SchemaPhase.Before,
            "SELECT f.oid, format('%I.%I.%I', n.nspname, c.relname, a.attname), NULL, ARRAY[format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname, a.attname, pg_get_expr(f.adbin, f.adrelid))] "
            + "FROM pg_attrdef f JOIN pg_class c ON c.oid = f.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.adnum WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'v') AND " + Ours,
            Made("pg_attrdef")),
        new("view", "pg_class", SchemaPhase.Before,
            "SELECT c.oid, " + Relation + ", NULL, ARRAY[format('CREATE VIEW %I.%I%s AS %s', n.nspname, c.relname, coalesce(' WITH (' || " + RelationOptions + " || ')', ''), rtrim(pg_get_viewdef(c.oid), ';'))]" + From + "c.relkind = 'v' AND " + Ours,
            Made("pg_class", "relkind = 'v'")),
        new("materialized view", "pg_class", SchemaPhase.Before,
            "SELECT c.oid, " + Relation + ", NULL, ARRAY[format('CREATE MATERIALIZED VIEW %I.%I%s AS %s WITH NO DATA', n.nspname, c.relname, coalesce(' WITH (' || " + RelationOptions + " || ')', ''), rtrim(pg_get_viewdef(c.oid), ';'))] || "
            + ColumnSettings() + From + "c.relkind = 'm' AND " + Ours,
            Made("pg_class", "relkind = 'm'")),
        new("view content", "refresh", SchemaPhase.Last,
            "SELECT c.oid, " + Relation + ", NULL, ARRAY['REFRESH MATERIALIZED VIEW ' || " + Relation + "]" + From + "c.relkind = 'm' AND c.relispopulated AND " + Ours,
            Made("pg_class", "relkind = 'm'")),
    ];

    private static string Tables()
    {
        const string identity =
            "coalesce((SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname) || " + SequenceOptions + " || ')' "
            + "FROM pg_depend d JOIN pg_class sc ON sc.oid = d.objid JOIN pg_namespace sn ON sn.oid = sc.relnamespace JOIN pg_sequence s ON s.seqrelid = sc.oid "
            + "WHERE a.attidentity <> '' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'), '')";
        const string columns =
            "coalesce((SELECT string_agg(E'\\n    ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) "
            + "|| CASE WHEN a.attcollation <> 0 AND a.attcollation <> y.typcollation THEN ' COLLATE ' || " + CollationOf + " ELSE '' END "
            + "|| CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', (SELECT pg_get_expr(f.adbin, f.adrelid) FROM pg_attrdef f WHERE f.adrelid = c.oid AND f.adnum = a.attnum)) ELSE '' END "
            + "|| " + identity + " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ',' ORDER BY a.attnum) "
            + "FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attislocal OR c.relispartition)), '')";
        const string inherits =
            "coalesce((SELECT ' INHERITS (' || string_agg(format('%I.%I', pn.nspname, pc.relname), ', ' ORDER BY i.inhseqno) || ')' FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE i.inhrelid = c.oid AND NOT c.relispartition), '')";
        const string attach =
            "coalesce((SELECT ARRAY[format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, pc.relname, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))] FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition), '{}')";
        return "SELECT c.oid, " + Relation + ", NULL, ARRAY[format('CREATE %sTABLE %I.%I (%s)', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname, " + columns + ") || " + inherits
            + " || CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END || coalesce(' WITH (' || " + RelationOptions + " || ')', '')] "
            + "|| coalesce((SELECT array_agg(format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET NOT NULL', n.nspname, c.relname, a.attname) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.attislocal AND NOT c.relispartition), '{}') "
            + "|| " + ColumnSettings() + " || CASE c.relreplident WHEN 'f' THEN ARRAY[format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY FULL', n.nspname, c.relname)] WHEN 'n' THEN ARRAY[format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY NOTHING', n.nspname, c.relname)] ELSE '{}' END "
            + "|| " + attach + From + "c.relkind IN ('r', 'p') AND " + Ours;
    }

    /// <summary>Storage, compression, statistics and options of the columns of c.</summary>
    private static string ColumnSettings()
    {
        static string Each(string setting, string condition) =>
            "coalesce((SELECT array_agg(format('ALTER %s %I.%I ALTER COLUMN %I SET ', CASE WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE ONLY' END, n.nspname, c.relname, a.attname) || " + setting + " ORDER BY a.attnum) "
            + "FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND " + condition + "), '{}')";
        return Each("'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END", "a.attstorage <> y.typstorage")
            + " || " + Each("'COMPRESSION ' || CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END", "a.attcompression::text IN ('p', 'l')")
            + " || " + Each("'STATISTICS ' || a.attstattarget", "a.attstattarget >= 0")
            + " || " + Each("'(' || array_to_string(a.attoptions, ', ') || ')'", "a.attoptions IS NOT NULL");
    }
}
