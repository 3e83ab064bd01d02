using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaPresence;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Indexes, constraints, triggers, rules, policies and statistics.</summary>
internal static class ConstraintQueries
{
    private const string Relation = "format('%I.%I', n.nspname, c.relname)";

    /// <summary>The table whose rows an index waits for; a partitioned one has none of its own.</summary>
    private const string WaitsFor = "CASE WHEN c.relkind = 'r' THEN " + Relation + " END";

    private static readonly string Ours = UserSchema + " AND c.relpersistence <> 't' AND " + NoMember("pg_class", "c.oid");

    internal static IEnumerable<SchemaQuery> All() =>
    [
        new("index", "pg_class", SchemaPhase.Index,
            "SELECT x.indexrelid, format('%I.%I', n.nspname, ic.relname), " + WaitsFor + ", ARRAY[pg_get_indexdef(x.indexrelid)] || " + IndexSettings() + " "
            + "FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            + "WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) AND (x.indisvalid OR c.relkind = 'p') AND " + Ours),
        new("key", "pg_constraint", SchemaPhase.Index,
            "SELECT k.oid, format('%I on %I.%I', k.conname, n.nspname, c.relname), " + WaitsFor + ", "
            + "CASE WHEN k.contype = 'x' OR c.relkind = 'p' THEN ARRAY[format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))] "
            + "ELSE ARRAY[pg_get_indexdef(x.indexrelid), format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s USING INDEX %I%s', n.nspname, c.relname, k.conname, CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, ic.relname, CASE WHEN k.condeferred THEN ' DEFERRABLE INITIALLY DEFERRED' WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END)] END || " + IndexSettings() + " "
            + "FROM pg_constraint k JOIN pg_index x ON x.indexrelid = k.conindid JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype IN ('p', 'u', 'x') AND " + Ours),
        new("index of a partition", "attach", SchemaPhase.After,
            "SELECT i.inhrelid, format('%I.%I', n.nspname, ic.relname), NULL, ARRAY[format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, pc.relname, n.nspname, ic.relname)] "
            + "FROM pg_inherits i JOIN pg_class ic ON ic.oid = i.inhrelid JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace JOIN pg_index x ON x.indexrelid = ic.oid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " + Ours,
            Any("pg_inherits")),
        new("check", "pg_constraint", SchemaPhase.After,
            "SELECT k.oid, format('%I on %I.%I', k.conname, n.nspname, c.relname), NULL, ARRAY[format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))] "
            + "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'c' AND k.conislocal AND " + Ours,
            Made("pg_constraint", "contype = 'c'")),
        new("foreign key", "pg_constraint", SchemaPhase.After,
            "SELECT k.oid, format('%I on %I.%I', k.conname, n.nspname, c.relname), NULL, ARRAY[format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE WHEN c.relkind = 'r' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))] "
            + "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND k.conparentid = 0 AND " + Ours,
            Made("pg_constraint", "contype = 'f'")),
        new("trigger", "pg_trigger", SchemaPhase.After,
            "SELECT t.oid, format('%I on %I.%I', t.tgname, n.nspname, c.relname), NULL, "
            + "CASE WHEN t.tgparentid = 0 THEN ARRAY[pg_get_triggerdef(t.oid)] ELSE '{}' END || CASE WHEN t.tgenabled = 'O' AND t.tgparentid = 0 THEN '{}' ELSE ARRAY[format('ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, c.relname, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END, t.tgname)] END "
            + "FROM pg_trigger t LEFT JOIN pg_trigger up ON up.oid = t.tgparentid JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND (t.tgparentid = 0 OR t.tgenabled <> up.tgenabled) AND " + Ours,
            Made("pg_trigger")),
        new("rule", "pg_rewrite", SchemaPhase.After,
            "SELECT r.oid, format('%I on %I.%I', r.rulename, n.nspname, c.relname), NULL, ARRAY[rtrim(pg_get_ruledef(r.oid), ';')] || CASE WHEN r.ev_enabled = 'O' THEN '{}' ELSE ARRAY[format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname, CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, r.rulename)] END "
            + "FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND " + Ours,
            Made("pg_rewrite", "rulename <> '_RETURN'")),
        new("policy", "pg_policy", SchemaPhase.After,
            "SELECT p.oid, format('%I on %I.%I', p.polname, n.nspname, c.relname), NULL, ARRAY[format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s', p.polname, n.nspname, c.relname, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, "
            + "CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ') FROM unnest(p.polroles) r)) "
            + "|| coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')] "
            + "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " + Ours,
            Made("pg_policy")),
        new("statistics", "pg_statistic_ext", SchemaPhase.After,
            "SELECT s.oid, format('%I.%I', sn.nspname, s.stxname), NULL, ARRAY[pg_get_statisticsobjdef(s.oid)] || CASE WHEN s.stxstattarget >= 0 THEN ARRAY[format('ALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname, s.stxname, s.stxstattarget)] ELSE '{}' END "
            + "FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " + Ours,
            Made("pg_statistic_ext")),
        new("row security", "rls", SchemaPhase.Last,
            "SELECT c.oid, " + Relation + ", NULL, CASE WHEN c.relrowsecurity THEN ARRAY[format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', n.nspname, c.relname)] ELSE '{}' END || CASE WHEN c.relforcerowsecurity THEN ARRAY[format('ALTER TABLE ONLY %I.%I FORCE ROW LEVEL SECURITY', n.nspname, c.relname)] ELSE '{}' END "
            + "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND " + Ours,
            Made("pg_class", "relrowsecurity OR relforcerowsecurity")),
    ];

    /// <summary>What CREATE INDEX cannot say of the index x, called ic.</summary>
    private static string IndexSettings() =>
        "CASE WHEN x.indisclustered THEN ARRAY[format('ALTER TABLE %I.%I CLUSTER ON %I', n.nspname, c.relname, ic.relname)] ELSE '{}' END "
        + "|| CASE WHEN x.indisreplident THEN ARRAY[format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, c.relname, ic.relname)] ELSE '{}' END "
        + "|| coalesce((SELECT array_agg(format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname, ic.relname, a.attnum, a.attstattarget) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = ic.oid AND a.attstattarget >= 0), '{}')";
}
