namespace WaMigration.Databases.Postgres.Schema;

/// <summary>Comments: catalog, oid, name and statement. Those of objects that come with an extension are left to it.</summary>
internal static class CommentQueries
{
    internal const string Objects =
        "SELECT d.classoid::regclass::text, d.objoid, i.type || ' ' || i.identity, 'COMMENT ON ' || CASE "
        + "WHEN i.type = 'domain constraint' THEN 'CONSTRAINT ' || replace(i.identity, ' on ', ' ON DOMAIN ') "
        + "WHEN i.type LIKE '% constraint' THEN 'CONSTRAINT ' || i.identity "
        + "WHEN i.type LIKE '% column' THEN 'COLUMN ' || i.identity "
        + "WHEN i.type = 'composite type' THEN 'TYPE ' || i.identity "
        + "WHEN i.type = 'statistics object' THEN 'STATISTICS ' || i.identity "
        + "WHEN i.type = 'aggregate' AND i.identity LIKE '%()' THEN 'AGGREGATE ' || left(i.identity, -1) || '*)' "
        + "ELSE upper(i.type) || ' ' || i.identity END || ' IS ' || quote_literal(d.description) "
        + "FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public') AND d.description <> 'standard public schema')) AND d.classoid <> 'pg_largeobject'::regclass";

    internal const string LargeObjects =
        "SELECT 'COMMENT ON LARGE OBJECT ' || d.objoid || ' IS ' || quote_literal(d.description) FROM pg_description d WHERE d.classoid = 'pg_largeobject'::regclass ORDER BY 1";
}
