using WaMigration.Databases.Copying;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Owners and grants, which are carried only where somebody asks for them: they name roles of the server.</summary>
internal static class OwnerQueries
{
    /// <summary>Everything that has an owner: catalog, oid, word, name, owner, grants, what the grants would be by themselves.</summary>
    private static readonly string Owned =
        "(SELECT 'pg_namespace' AS catalog, n.oid, 'SCHEMA' AS word, quote_ident(n.nspname) AS name, n.nspowner AS owner, CASE WHEN n.nspacl IS DISTINCT FROM (SELECT ip.initprivs FROM pg_init_privs ip WHERE ip.classoid = 'pg_namespace'::regclass AND ip.objoid = n.oid) THEN n.nspacl END AS acl, true AS settable FROM pg_namespace n WHERE " + UserSchema + " "
        + "UNION ALL SELECT 'pg_class', c.oid, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, format('%I.%I', n.nspname, c.relname), c.relowner, c.relacl, "
        + "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0) "
        + "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't' AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid") + " "
        + "UNION ALL SELECT 'pg_proc', p.oid, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, format('%I.%I(%s)', n.nspname, p.proname, CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END), p.proowner, p.proacl, true "
        + "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " + UserSchema + " AND " + NoMember("pg_proc", "p.oid") + " AND " + NoPart("pg_proc", "p.oid") + " "
        + "UNION ALL SELECT 'pg_type', t.oid, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', n.nspname, t.typname), t.typowner, t.typacl, true "
        + "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class r ON r.oid = t.typrelid WHERE (t.typtype IN ('e', 'd', 'r') OR r.relkind = 'c') AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid") + " "
        + "UNION ALL SELECT 'pg_operator', o.oid, 'OPERATOR', format('%I.%s (%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)), o.oprowner, NULL, true "
        + "FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND " + UserSchema + " AND " + NoMember("pg_operator", "o.oid") + " "
        + "UNION ALL SELECT 'pg_collation', k.oid, 'COLLATION', format('%I.%I', n.nspname, k.collname), k.collowner, NULL, true FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE " + UserSchema + " AND " + NoMember("pg_collation", "k.oid") + " "
        + "UNION ALL SELECT 'pg_statistic_ext', s.oid, 'STATISTICS', format('%I.%I', n.nspname, s.stxname), s.stxowner, NULL, true FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE " + UserSchema + " "
        + "UNION ALL SELECT 'pg_largeobject_metadata', l.oid, 'LARGE OBJECT', l.oid::text, l.lomowner, l.lomacl, true FROM pg_largeobject_metadata l)";

    /// <summary>How many things have grants, or another owner than the one who reads.</summary>
    internal static readonly string CountSql =
        "SELECT count(*) FROM " + Owned + " o WHERE o.acl IS NOT NULL OR (o.owner <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user) AND o.owner >= 16384)";

    /// <summary>Roles that owners, grants and settings name.</summary>
    internal static readonly string RolesSql =
        "SELECT DISTINCT pg_get_userbyid(r.id) FROM (SELECT o.owner AS id FROM " + Owned + " o UNION SELECT g.grantee FROM " + Owned + " o, aclexplode(o.acl) g "
        + "UNION SELECT g.grantee FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) g WHERE " + UserSchema + ") r WHERE r.id <> 0 ORDER BY 1";

    /// <summary>Without this there are no policies.</summary>
    internal static readonly string Policies = SchemaPresence.Made("pg_policy");

    /// <summary>Roles that policies name, which are carried always.</summary>
    internal const string PolicyRolesSql = "SELECT DISTINCT pg_get_userbyid(r) FROM pg_policy p, unnest(p.polroles) r WHERE r <> 0 ORDER BY 1";

    internal static IEnumerable<SchemaQuery> All() =>
    [
        new("owner", "owner", SchemaPhase.Last,
            "SELECT o.oid, lower(o.word) || ' ' || o.name, NULL, ARRAY[format('ALTER %s %s OWNER TO %I', o.word, o.name, pg_get_userbyid(o.owner))] FROM " + Owned + " o WHERE o.settable"),
        new("grants", "grants", SchemaPhase.Last,
            "SELECT o.oid, lower(o.word) || ' ' || o.name, NULL, ARRAY[format('REVOKE ALL ON %s %s FROM PUBLIC', w.word, o.name), format('REVOKE ALL ON %s %s FROM %I', w.word, o.name, pg_get_userbyid(o.owner))] "
            + "|| coalesce((SELECT array_agg(format('GRANT %s ON %s %s TO %s%s', x.privileges, w.word, o.name, x.grantee, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) ORDER BY x.place) FROM ("
            + "SELECT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee, g.is_grantable, string_agg(g.privilege_type, ', ' ORDER BY g.place) AS privileges, min(g.place) AS place "
            + "FROM aclexplode(o.acl) WITH ORDINALITY g(grantor, grantee, privilege_type, is_grantable, place) GROUP BY 1, 2) x), '{}') "
            + "FROM " + Owned + " o, LATERAL (SELECT CASE WHEN o.word IN ('VIEW', 'MATERIALIZED VIEW') THEN 'TABLE' WHEN o.word = 'AGGREGATE' THEN 'FUNCTION' ELSE o.word END AS word) w WHERE o.acl IS NOT NULL"),
        new("column grants", "column grants", SchemaPhase.Last,
            "SELECT c.oid, format('%I.%I.%I', n.nspname, c.relname, a.attname), NULL, (SELECT array_agg(format('GRANT %s (%I) ON %I.%I TO %s%s', g.privilege_type, a.attname, n.nspname, c.relname, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) ORDER BY g.place) "
            + "FROM aclexplode(a.attacl) WITH ORDINALITY g(grantor, grantee, privilege_type, is_grantable, place)) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid")),
    ];
}
