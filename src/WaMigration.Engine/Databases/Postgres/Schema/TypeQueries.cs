using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaPresence;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Schemas, extensions, types and what computes: all that tables may be made of.</summary>
internal static class TypeQueries
{
    private const string Named = "format('%I.%I', n.nspname, t.typname)";

    private const string Support = "CASE WHEN {0} = 0 THEN '' ELSE ', {1} = ' || {0}::regproc::text END";

    internal static IEnumerable<SchemaQuery> All(int major) =>
    [
        new("schema", "pg_namespace", SchemaPhase.Before,
            "SELECT n.oid, quote_ident(n.nspname), NULL, ARRAY[format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname)] FROM pg_namespace n WHERE " + UserSchema + " AND " + NoMember("pg_namespace", "n.oid")),
        new("extension", "pg_extension", SchemaPhase.Before,
            "SELECT x.oid, quote_ident(x.extname), NULL, ARRAY[format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I VERSION %L', x.extname, n.nspname, x.extversion)] FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace"),
        new("collation", "pg_collation", SchemaPhase.Before, Collations(major),
            Made("pg_collation")),
        new("enum", "pg_type", SchemaPhase.Before,
            "SELECT t.oid, " + Named + ", NULL, ARRAY[format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname, coalesce((SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = t.oid), ''))] "
            + "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"),
            Made("pg_type", "typtype = 'e'")),
        new("domain", "pg_type", SchemaPhase.Before,
            "SELECT t.oid, " + Named + ", NULL, ARRAY[format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod)) "
            + "|| CASE WHEN t.typcollation <> 0 AND t.typcollation <> b.typcollation THEN ' COLLATE ' || (SELECT format('%I.%I', cn.nspname, cl.collname) FROM pg_collation cl JOIN pg_namespace cn ON cn.oid = cl.collnamespace WHERE cl.oid = t.typcollation) ELSE '' END "
            + "|| CASE WHEN t.typdefaultbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 'pg_type'::regclass) WHEN t.typdefault IS NOT NULL THEN ' DEFAULT ' || quote_literal(t.typdefault) ELSE '' END "
            + "|| CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END "
            + "|| coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')] "
            + "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd' AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"),
            Made("pg_type", "typtype = 'd'")),
        new("composite type", "pg_type", SchemaPhase.Before,
            "SELECT t.oid, " + Named + ", NULL, ARRAY[format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname, coalesce((SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) "
            + "|| CASE WHEN a.attcollation <> 0 AND a.attcollation <> y.typcollation THEN ' COLLATE ' || (SELECT format('%I.%I', cn.nspname, cl.collname) FROM pg_collation cl JOIN pg_namespace cn ON cn.oid = cl.collnamespace WHERE cl.oid = a.attcollation) ELSE '' END, ', ' ORDER BY a.attnum) "
            + "FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), ''))] "
            + "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class r ON r.oid = t.typrelid WHERE r.relkind = 'c' AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"),
            Made("pg_class", "relkind = 'c'")),
        new("range", "pg_type", SchemaPhase.Before,
            "SELECT t.oid, " + Named + ", NULL, ARRAY[format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, MULTIRANGE_TYPE_NAME = %s', n.nspname, t.typname, format_type(g.rngsubtype, NULL), (SELECT format('%I.%I', mn.nspname, m.typname) FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = g.rngmultitypid)) "
            + "|| CASE WHEN o.opcdefault THEN '' ELSE format(', SUBTYPE_OPCLASS = %I.%I', onsp.nspname, o.opcname) END "
            + "|| CASE WHEN g.rngcollation <> 0 AND g.rngcollation <> st.typcollation THEN ', COLLATION = ' || (SELECT format('%I.%I', cn.nspname, cl.collname) FROM pg_collation cl JOIN pg_namespace cn ON cn.oid = cl.collnamespace WHERE cl.oid = g.rngcollation) ELSE '' END "
            + "|| CASE WHEN g.rngsubdiff = 0 THEN '' ELSE ', SUBTYPE_DIFF = ' || g.rngsubdiff::regproc::text END || ')'] "
            + "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range g ON g.rngtypid = t.oid JOIN pg_type st ON st.oid = g.rngsubtype JOIN pg_opclass o ON o.oid = g.rngsubopc JOIN pg_namespace onsp ON onsp.oid = o.opcnamespace "
            + "WHERE g.rngcanonical = 0 AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"),
            Made("pg_type", "typtype = 'r'")),
        new("domain constraint", "pg_constraint", SchemaPhase.After,
            "SELECT k.oid, format('%I on %I.%I', k.conname, n.nspname, t.typname), NULL, ARRAY[format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))] "
            + "FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE k.contype = 'c' AND NOT k.convalidated AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"),
            Made("pg_type", "typtype = 'd'")),
        new("function", "pg_proc", SchemaPhase.Before,
            "SELECT p.oid, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), NULL, ARRAY[pg_get_functiondef(p.oid)] FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            + "WHERE p.prokind <> 'a' AND " + UserSchema + " AND " + NoMember("pg_proc", "p.oid") + " AND " + NoPart("pg_proc", "p.oid"),
            Made("pg_proc")),
        new("aggregate", "pg_proc", SchemaPhase.Before, Aggregates(),
            Made("pg_proc")),
        new("operator", "pg_operator", SchemaPhase.Before,
            "SELECT o.oid, format('%I.%s(%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)), NULL, "
            + "ARRAY[format('CREATE OPERATOR %I.%s (FUNCTION = %s', n.nspname, o.oprname, o.oprcode::regproc::text) || CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(o.oprleft, NULL) END || ', RIGHTARG = ' || format_type(o.oprright, NULL) "
            + "|| coalesce((SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom), '') "
            + "|| coalesce((SELECT format(', NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate), '') "
            + "|| CASE WHEN o.oprrest = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest::regproc::text END || CASE WHEN o.oprjoin = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin::regproc::text END "
            + "|| CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END || ')'] "
            + "FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND " + UserSchema + " AND " + NoMember("pg_operator", "o.oid"),
            Made("pg_operator")),
        new("cast", "pg_cast", SchemaPhase.Before,
            "SELECT k.oid, format('(%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)), NULL, ARRAY[format('CREATE CAST (%s AS %s) ', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)) "
            + "|| CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure::text WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE 'WITH INOUT' END || CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END] "
            + "FROM pg_cast k WHERE k.oid >= 16384 AND " + NoMember("pg_cast", "k.oid") + " AND " + NoPart("pg_cast", "k.oid"),
            Made("pg_cast")),
    ];

    private static string Collations(int major)
    {
        var locale = major >= 17 ? "k.colllocale" : major >= 15 ? "k.colliculocale" : "k.collcollate";
        return "SELECT k.oid, format('%I.%I', n.nspname, k.collname), NULL, ARRAY[CASE k.collprovider "
            + "WHEN 'i' THEN format('CREATE COLLATION %I.%I (PROVIDER = icu, LOCALE = %L', n.nspname, k.collname, " + locale + ") "
            + "ELSE format('CREATE COLLATION %I.%I (PROVIDER = libc, LC_COLLATE = %L, LC_CTYPE = %L', n.nspname, k.collname, k.collcollate, k.collctype) END "
            + (major >= 16 ? "|| CASE WHEN k.collicurules IS NULL THEN '' ELSE format(', RULES = %L', k.collicurules) END " : string.Empty)
            + "|| CASE WHEN k.collisdeterministic THEN ')' ELSE ', DETERMINISTIC = false)' END] "
            + "FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE k.collprovider IN ('i', 'c') AND " + UserSchema + " AND " + NoMember("pg_collation", "k.oid");
    }

    private static string Aggregates()
    {
        string Function(string column, string word) => Support.Replace("{0}", "g." + column).Replace("{1}", word);
        string Modify(string column, string word) =>
            "|| CASE WHEN g." + column + " = CASE WHEN g.aggkind = 'n' THEN 'r' ELSE 'w' END THEN '' ELSE ', " + word + " = ' || CASE g." + column + " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END ";
        return "SELECT p.oid, format('%I.%I(%s)', n.nspname, p.proname, CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END), NULL, "
            + "ARRAY[format('CREATE AGGREGATE %I.%I(%s) (SFUNC = %s, STYPE = %s', n.nspname, p.proname, CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END, g.aggtransfn::regproc::text, format_type(g.aggtranstype, NULL)) "
            + "|| CASE WHEN g.aggtransspace = 0 THEN '' ELSE ', SSPACE = ' || g.aggtransspace END "
            + "|| " + Function("aggfinalfn", "FINALFUNC") + " || CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END " + Modify("aggfinalmodify", "FINALFUNC_MODIFY")
            + "|| " + Function("aggcombinefn", "COMBINEFUNC") + " || " + Function("aggserialfn", "SERIALFUNC") + " || " + Function("aggdeserialfn", "DESERIALFUNC")
            + " || CASE WHEN g.agginitval IS NULL THEN '' ELSE ', INITCOND = ' || quote_literal(g.agginitval) END "
            + "|| " + Function("aggmtransfn", "MSFUNC") + " || " + Function("aggminvtransfn", "MINVFUNC")
            + " || CASE WHEN g.aggmtranstype = 0 THEN '' ELSE ', MSTYPE = ' || format_type(g.aggmtranstype, NULL) END || CASE WHEN g.aggmtransspace = 0 THEN '' ELSE ', MSSPACE = ' || g.aggmtransspace END "
            + "|| " + Function("aggmfinalfn", "MFINALFUNC") + " || CASE WHEN g.aggmfinalextra THEN ', MFINALFUNC_EXTRA' ELSE '' END "
            + "|| CASE WHEN g.aggmtransfn = 0 THEN '' ELSE '' " + Modify("aggmfinalmodify", "MFINALFUNC_MODIFY") + " END "
            + "|| CASE WHEN g.aggminitval IS NULL THEN '' ELSE ', MINITCOND = ' || quote_literal(g.aggminitval) END "
            + "|| coalesce((SELECT format(', SORTOP = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_operator c JOIN pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = g.aggsortop), '') "
            + "|| CASE WHEN g.aggkind = 'h' THEN ', HYPOTHETICAL' ELSE '' END || CASE p.proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' ELSE '' END || ')'] "
            + "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_aggregate g ON g.aggfnoid = p.oid WHERE p.prokind = 'a' AND " + UserSchema + " AND " + NoMember("pg_proc", "p.oid");
    }
}
