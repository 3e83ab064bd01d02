using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>What depends on what, by the server's own record.</summary>
internal static class DependencyQueries
{
    /// <summary>Rows of catalogs that are a part of an object that is made as a whole: catalog, oid, and the whole's catalog and oid.</summary>
    internal const string Parts =
        "SELECT 'pg_type', t.oid, 'pg_class', t.typrelid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind <> 'c' AND t.oid >= 16384 "
        + "UNION ALL SELECT 'pg_class', t.typrelid, 'pg_type', t.oid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' AND t.oid >= 16384 "
        + "UNION ALL SELECT 'pg_type', t.typarray, 'pg_type', t.oid FROM pg_type t WHERE t.typarray >= 16384 "
        + "UNION ALL SELECT 'pg_type', g.rngmultitypid, 'pg_type', g.rngtypid FROM pg_range g WHERE g.rngmultitypid >= 16384 "
        + "UNION ALL SELECT 'pg_rewrite', r.oid, 'pg_class', r.ev_class FROM pg_rewrite r WHERE r.rulename = '_RETURN' AND r.oid >= 16384 "
        + "UNION ALL SELECT 'pg_attrdef', f.oid, 'pg_class', f.adrelid FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE a.attgenerated <> '' "
        + "UNION ALL SELECT 'pg_class', k.conindid, 'pg_constraint', k.oid FROM pg_constraint k WHERE k.contype IN ('p', 'u', 'x') "
        + "UNION ALL SELECT 'pg_constraint', k.oid, 'pg_type', k.contypid FROM pg_constraint k WHERE k.contypid <> 0 AND k.convalidated "
        + "UNION ALL SELECT 'pg_class', d.objid, 'pg_class', d.refobjid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'";

    /// <summary>Catalog and oid, then catalog and oid of what must be there first.</summary>
    internal const string Edges =
        "SELECT d.classid::regclass::text, d.objid, d.refclassid::regclass::text, d.refobjid FROM pg_depend d WHERE d.deptype IN ('n', 'a', 'i', 'x') AND d.objid >= 16384 AND d.refobjid >= 16384 "
        + "UNION ALL SELECT 'attach', i.inhrelid, 'pg_class', unnest(ARRAY[i.inhrelid, i.inhparent]) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('i', 'I') "
        //// The indexes of the lower partitions of a partition are attached first, so that the whole becomes valid.
        + "UNION ALL SELECT 'attach', u.inhrelid, 'attach', l.inhrelid FROM pg_inherits l JOIN pg_inherits u ON u.inhrelid = l.inhparent JOIN pg_class c ON c.oid = l.inhrelid WHERE c.relkind IN ('i', 'I') "
        //// A foreign key wants the index of a partitioned table to be whole.
        + "UNION ALL SELECT 'pg_constraint', k.oid, 'attach', i.inhrelid FROM pg_constraint k JOIN pg_inherits i ON i.inhparent = k.conindid WHERE k.contype = 'f' "
        //// A check of a child that its parent has, too, is there first and then merged.
        + "UNION ALL SELECT 'pg_constraint', up.oid, 'pg_constraint', low.oid FROM pg_constraint up JOIN pg_inherits i ON i.inhparent = up.conrelid JOIN pg_constraint low ON low.conrelid = i.inhrelid AND low.conname = up.conname AND low.contype = 'c' WHERE up.contype = 'c' "
        + "UNION ALL SELECT 'pg_trigger', t.oid, 'pg_trigger', t.tgparentid FROM pg_trigger t WHERE t.tgparentid <> 0";
}
