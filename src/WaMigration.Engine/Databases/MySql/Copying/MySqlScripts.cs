using System.Globalization;
using System.Text;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>The SQL of an archive, which the client mysql or mariadb runs as it stands.</summary>
internal static class MySqlScripts
{
    private const string Head =
        "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\nSET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION';\nSET foreign_key_checks = 0;\n\n";

    internal static string Before(DatabaseModel model)
    {
        var text = new StringBuilder("-- Everything that comes before the rows. Run it in a new database made with\n");
        foreach (var property in model.Properties)
        {
            text.Append("--   ").Append(property.Key).Append(": ").Append(property.Value).Append('\n');
        }

        text.Append(Head);
        return Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Before)).ToString();
    }

    internal static string After(DatabaseModel model, IReadOnlyList<CounterPosition> positions)
    {
        var text = new StringBuilder("-- Everything that comes when the rows of all tables are there.\n").Append(Head);
        Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Index));
        Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.After));
        foreach (var position in positions)
        {
            text.Append(Position(position)).Append(";\n\n");
        }

        return Append(text, model.Objects.Where(item => item.Phase == SchemaPhase.Last)).ToString();
    }

    /// <summary>What makes a counter stand where it stood.</summary>
    internal static string Position(CounterPosition position) => position.IsCalled
        ? "ALTER TABLE " + position.Name + " AUTO_INCREMENT = " + unchecked((ulong)position.LastValue).ToString(CultureInfo.InvariantCulture)
        : "ALTER SEQUENCE " + position.Name + " RESTART WITH " + position.LastValue.ToString(CultureInfo.InvariantCulture);

    /// <summary>The statement is the client's argument, the rows its input.</summary>
    internal static string Load(TableModel table)
    {
        var (columns, expressions) = MySqlLoader.Columns(table);
        return Head.Replace("\n\n", "\n") + (table.HasHistory ? "SET system_versioning_insert_history = 1;\n" : string.Empty)
            + "LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE " + table.Name + " CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (" + string.Join(", ", columns) + ")"
            + (expressions.Count > 0 ? " SET " + string.Join(", ", expressions) : string.Empty) + ";\n";
    }

    private static StringBuilder Append(StringBuilder text, IEnumerable<SchemaObject> objects)
    {
        foreach (var item in objects)
        {
            text.Append("-- ").Append(item.Key.Replace("\n", " ")).Append('\n');
            foreach (var statement in item.Statements.Select((one, place) => place + 1 == item.Statements.Count && item.Definer is { } definer ? Definers.Join(one, definer) : one))
            {
                // A program's own semicolons do not end it.
                text.Append("DELIMITER $$wa$$\n").Append(statement).Append("\n$$wa$$\nDELIMITER ;\n\n");
            }

            if (item.Statements.Count > 1)
            {
                text.Append(Head);
            }
        }

        return text;
    }
}
