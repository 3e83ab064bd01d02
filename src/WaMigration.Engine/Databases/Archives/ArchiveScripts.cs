using System.Globalization;
using System.Text;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Copying;
using WaMigration.Databases.Postgres.Copying;
using static WaMigration.Databases.Postgres.PostgresRows;

namespace WaMigration.Databases.Archives;

/// <summary>The SQL of an archive, which the engine's own client runs as it stands.</summary>
internal static class ArchiveScripts
{
    private const string Head = "SET client_encoding = 'UTF8';\nSET search_path = '';\nSET check_function_bodies = off;\nSET row_security = off;\nSET xmloption = content;\nSET client_min_messages = warning;\nSET DateStyle = 'ISO, YMD';\nSET IntervalStyle = postgres;\nSET lc_monetary = 'C';\n\n";

    internal static string Before(DatabaseModel model, WaDatabaseEngine engine) => engine == WaDatabaseEngine.PostgreSql ? Before(model) : MySqlScripts.Before(model);

    internal static string After(DatabaseModel model, IReadOnlyList<CounterPosition> positions, WaDatabaseEngine engine) =>
        engine == WaDatabaseEngine.PostgreSql ? After(model, positions) : MySqlScripts.After(model, positions);

    /// <summary>What stands before the rows of a table, and what after them where anything does.</summary>
    internal static (string Load, string? Finish) Load(TableModel table, WaDatabaseEngine engine) =>
        engine == WaDatabaseEngine.PostgreSql ? Load(table) : (MySqlScripts.Load(table), null);

    private static string Before(DatabaseModel model)
    {
        var text = new StringBuilder("-- Everything that comes before the rows. Run it in a new database made with\n");
        foreach (var property in model.Properties)
        {
            text.Append("--   ").Append(property.Key).Append(": ").Append(property.Value.Replace("\n", " ")).Append('\n');
        }

        text.Append(Head);
        return Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Before)).ToString();
    }

    private static string After(DatabaseModel model, IReadOnlyList<CounterPosition> positions)
    {
        var text = new StringBuilder("-- Everything that comes when the rows of all tables are there.\n").Append(Head);
        Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Index));
        Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.After));
        foreach (var position in positions)
        {
            text.Append("SELECT pg_catalog.setval(").Append(Literal(position.Name)).Append(", ").Append(position.LastValue.ToString(CultureInfo.InvariantCulture)).Append(position.IsCalled ? ", true);\n\n" : ", false);\n\n");
        }

        Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Last));
        foreach (var setting in model.Settings)
        {
            text.Append("-- ").Append(string.Format(CultureInfo.InvariantCulture, setting, Quote(model.Name)).Replace("\n", " ")).Append(";\n");
        }

        return text.ToString();
    }

    private static (string Load, string? Finish) Load(TableModel table)
    {
        var statement = PostgresStatements.CopyIn(table, ChunkFormat.Text) + ";\n";
        return table.IsLargeObjects
            ? (Head + PostgresStatements.LoadSetUp.Replace(" ON COMMIT DROP", string.Empty) + ";\n" + statement, string.Join(";\n", PostgresStatements.LoadFinish) + ";\n")
            : (Head + statement, null);
    }

    private static StringBuilder Append(StringBuilder text, IEnumerable<SchemaObject> objects)
    {
        foreach (var item in objects)
        {
            text.Append("-- ").Append(item.Key.Replace("\n", " ")).Append('\n');
            foreach (var statement in item.Statements)
            {
                text.Append(statement).Append(";\n\n");
            }
        }

        return text;
    }
}
