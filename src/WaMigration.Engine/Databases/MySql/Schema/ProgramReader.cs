using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>Routines, views, triggers and events, each under the settings that it was made under.</summary>
internal static class ProgramReader
{
    internal static async Task ReadAsync(MySqlConnection connection, MySqlFindings found, bool includeOwner, CancellationToken cancellation)
    {
        var routines = await ListAsync(
            connection,
            "SELECT routine_type, routine_name, character_set_client, collation_connection, sql_mode FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_type = 'PACKAGE' DESC, routine_type, routine_name",
            row => (Type: row.GetString(0), Name: row.GetString(1), Settings: Settings(row.GetString(2), row.GetString(3), row.GetString(4))),
            cancellation).ConfigureAwait(false);
        foreach (var routine in routines)
        {
            var text = await MySqlDatabaseReader.ShowAsync(connection, routine.Type + " " + Quote(routine.Name), 2, cancellation).ConfigureAwait(false);
            Add(found, routine.Type.ToLowerInvariant(), routine.Name, SchemaPhase.After, routine.Settings, text, includeOwner);
        }

        await AddViewsAsync(connection, found, includeOwner, cancellation).ConfigureAwait(false);

        // Their own text may name the database, so the head is made anew. In the order in which they fire.
        foreach (var trigger in await ListAsync(
            connection,
            "SELECT trigger_name, action_timing, event_manipulation, event_object_table, action_statement, definer, character_set_client, collation_connection, sql_mode FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY event_object_table, action_timing, event_manipulation, action_order",
            row => (Name: row.GetString(0), Head: row.GetString(1) + " " + row.GetString(2) + " ON " + Quote(row.GetString(3)), Body: row.GetString(4), Definer: MySqlAccounts.Text(connection, row.GetString(5)), Settings: Settings(row.GetString(6), row.GetString(7), row.GetString(8))),
            cancellation).ConfigureAwait(false))
        {
            Add(found, "trigger", trigger.Name, SchemaPhase.Last, trigger.Settings, "CREATE DEFINER=" + trigger.Definer + " TRIGGER " + Quote(trigger.Name) + " " + trigger.Head + " FOR EACH ROW " + trigger.Body, includeOwner);
        }

        foreach (var item in await ListAsync(
            connection,
            "SELECT event_name, character_set_client, collation_connection, sql_mode, time_zone FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1",
            row => (Name: row.GetString(0), Settings: Settings(row.GetString(1), row.GetString(2), row.GetString(3)) + ", time_zone = " + Literal(row.GetString(4))),
            cancellation).ConfigureAwait(false))
        {
            Add(found, "event", item.Name, SchemaPhase.Last, item.Settings, await MySqlDatabaseReader.ShowAsync(connection, "EVENT " + Quote(item.Name), 3, cancellation).ConfigureAwait(false), includeOwner);
        }
    }

    private static async Task AddViewsAsync(MySqlConnection connection, MySqlFindings found, bool includeOwner, CancellationToken cancellation)
    {
        var views = new List<(string Name, string Settings, string Text)>();
        foreach (var view in await ListAsync(
            connection,
            "SELECT table_name, character_set_client, collation_connection FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1",
            row => (Name: row.GetString(0), Settings: "SET character_set_client = " + row.GetString(1) + ", collation_connection = " + row.GetString(2)),
            cancellation).ConfigureAwait(false))
        {
            views.Add((view.Name, view.Settings, await MySqlDatabaseReader.ShowAsync(connection, "VIEW " + Quote(view.Name), 1, cancellation).ConfigureAwait(false)));
        }

        // A view comes after those that its text names. Where a column is called like a view the order is no matter.
        while (views.Count > 0)
        {
            var next = views.FirstOrDefault(view => views.All(other => other.Name == view.Name || !view.Text.Contains(Quote(other.Name))));
            next = next.Name is null ? views[0] : next;
            views.Remove(next);
            Add(found, "view", next.Name, SchemaPhase.After, next.Settings, next.Text, includeOwner);
        }
    }

    private static void Add(MySqlFindings found, string kind, string name, SchemaPhase phase, string settings, string text, bool includeOwner)
    {
        if (text.Length == 0)
        {
            // It is in the list, and its text is hidden.
            found.NotCarried.Add(kind + " " + Quote(name) + " without its text");
            return;
        }

        if (text.Any(letter => letter > 127) && !settings.Has("character_set_client = utf8"))
        {
            found.NotCarried.Add(kind + " " + Quote(name) + " with letters of an old character set");
            return;
        }

        var (statement, definer) = Definers.Split(text);
        if (!includeOwner)
        {
            found.Add(kind, name, phase, null, [settings, statement], definer);
            return;
        }

        found.Add(kind, name, phase, null, [settings, text]);
        if (definer is not null)
        {
            found.Accounts.Add(definer);
        }
    }

    /// <summary>One mode has another name in MariaDB's own tables than where it is set.</summary>
    private static string Settings(string characterSet, string collation, string mode) =>
        "SET character_set_client = " + characterSet + ", collation_connection = " + collation + ", sql_mode = " + Literal(string.Join(",", mode.Split(',').Select(one => one == "INVALID_DATES" ? "ALLOW_INVALID_DATES" : one)));
}
