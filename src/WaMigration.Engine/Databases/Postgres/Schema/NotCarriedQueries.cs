using static WaMigration.Databases.Postgres.Schema.SchemaPresence;
using static WaMigration.Databases.Postgres.Schema.SchemaQuery;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>What a copy does not carry. One row of these stops it before anything is written.</summary>
internal static class NotCarriedQueries
{
    /// <summary>Each gives lines of text that name the thing; without its presence there are none.</summary>
    internal static IEnumerable<(string Sql, string? Presence)> All(int major)
    {
        static (string Sql, string? Presence) Own(string catalog, string alias, string kind, string name, string more = "") => (
            "SELECT '" + kind + " ' || quote_ident(" + alias + "." + name + ") FROM " + catalog + " " + alias + " WHERE " + alias + ".oid >= 16384 AND " + NoMember(catalog, alias + ".oid") + more,
            Made(catalog));

        yield return Own("pg_language", "l", "language", "lanname");
        yield return Own("pg_opclass", "o", "operator class", "opcname");
        yield return Own("pg_opfamily", "o", "operator family", "opfname");
        yield return Own("pg_am", "a", "access method", "amname");
        yield return Own("pg_foreign_data_wrapper", "w", "foreign data wrapper", "fdwname");
        yield return Own("pg_foreign_server", "s", "foreign server", "srvname");
        yield return Own("pg_event_trigger", "e", "event trigger", "evtname");
        yield return Own("pg_publication", "p", "publication", "pubname");
        yield return Own("pg_ts_config", "t", "text search configuration", "cfgname");
        yield return Own("pg_ts_dict", "t", "text search dictionary", "dictname");
        yield return Own("pg_ts_parser", "t", "text search parser", "prsname");
        yield return Own("pg_ts_template", "t", "text search template", "tmplname");
        yield return Own("pg_conversion", "c", "conversion", "conname");
        yield return Own("pg_collation", "c", "collation", "collname", " AND c.collprovider NOT IN ('i', 'c')");
        yield return ("SELECT 'transform of type ' || format_type(t.trftype, NULL) FROM pg_transform t WHERE t.oid >= 16384 AND " + NoMember("pg_transform", "t.oid"), Made("pg_transform"));
        yield return ("SELECT 'subscription ' || quote_ident(s.subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()", Any("pg_subscription"));
        yield return ("SELECT DISTINCT 'security label of ' || pg_describe_object(l.classoid, l.objoid, l.objsubid) FROM pg_seclabel l", Any("pg_seclabel"));
        yield return ("SELECT 'type ' || format('%I.%I', n.nspname, t.typname) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_range g ON g.rngtypid = t.oid "
            + "WHERE ((t.typtype IN ('b', 'p') AND NOT EXISTS (SELECT 1 FROM pg_type e WHERE e.typarray = t.oid)) OR g.rngcanonical <> 0) AND " + UserSchema + " AND " + NoMember("pg_type", "t.oid"), null);
        yield return ("SELECT 'operator ' || format('%I.%s', n.nspname, o.oprname) || ' without a function' FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode = 0 AND " + UserSchema + " AND " + NoMember("pg_operator", "o.oid"), Made("pg_operator"));
        yield return ("SELECT 'object in the schema pg_catalog: ' || c.relname FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.oid >= 16384 AND " + NoMember("pg_class", "c.oid"), Made("pg_class", "relnamespace = 'pg_catalog'::regnamespace"));
        yield return ("SELECT 'function in the schema pg_catalog: ' || p.proname FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid >= 16384 AND " + NoMember("pg_proc", "p.oid"), Made("pg_proc", "pronamespace = 'pg_catalog'::regnamespace"));
        yield return ("SELECT CASE WHEN c.relkind = 'f' THEN 'foreign table ' WHEN c.reloftype <> 0 THEN 'table of a type ' WHEN c.reltablespace <> 0 THEN 'tablespace of ' ELSE 'access method of table ' END || format('%I.%I', n.nspname, c.relname) "
            + "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam WHERE (c.relkind = 'f' OR c.reloftype <> 0 OR c.reltablespace <> 0 OR (c.relkind IN ('r', 'm') AND am.amname <> 'heap')) AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid"), null);
        yield return ("SELECT 'invalid index ' || format('%I.%I', n.nspname, ic.relname) FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = ic.relnamespace WHERE NOT x.indisvalid AND c.relkind <> 'p' AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid"), Any("pg_index", "NOT indisvalid"));
        //// A child's columns come in the order of its parents'. One whose columns stand otherwise would be another table.
        yield return ("SELECT 'order of the columns of the inherited table ' || format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND NOT c.relispartition AND EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid) "
            + "AND EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = a.attrelid WHERE a.attrelid = c.oid AND a.attnum > 0 AND b.attnum > a.attnum AND NOT a.attisdropped AND NOT b.attisdropped AND a.attinhcount = 0 AND b.attinhcount > 0) AND " + UserSchema + " AND " + NoMember("pg_class", "c.oid"), Any("pg_inherits"));
        yield return ("SELECT 'column that is not stored: ' || format('%I.%I.%I', n.nspname, c.relname, a.attname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attgenerated NOT IN ('', 's') AND " + UserSchema, Any("pg_attribute", "attgenerated NOT IN ('', 's')"));
        yield return ("SELECT 'rows of the extension ' || quote_ident(x.extname) || ' in ' || t.id::regclass::text FROM pg_extension x, unnest(x.extconfig) t(id)", Any("pg_extension", "extconfig IS NOT NULL"));
        yield return ("SELECT 'encoding ' || pg_encoding_to_char(d.encoding) FROM pg_database d WHERE d.datname = current_database() AND pg_encoding_to_char(d.encoding) IN ('SQL_ASCII', 'MULE_INTERNAL', 'EUC_JIS_2004', 'SHIFT_JIS_2004', 'EUC_TW', 'EUC_JP')", null);
        if (major >= 15)
        {
            yield return ("SELECT 'locale provider ' || d.datlocprovider::text FROM pg_database d WHERE d.datname = current_database() AND d.datlocprovider NOT IN ('c', 'i')", null);
        }
    }
}
