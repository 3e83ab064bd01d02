using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>Where a table's key is cut: by steps along it, or evenly where it is a whole number.</summary>
internal static class MySqlBounds
{
    /// <summary>The lowest and the highest key; null in an empty table.</summary>
    internal static async Task<(decimal Low, decimal High)?> EndsAsync(MySqlConnection connection, TableModel table, CancellationToken cancellation)
    {
        var key = table.Key[0].Name;
        var ends = (await MySqlRows.ListAsync(
            connection,
            "SELECT CAST(MIN(" + key + ") AS CHAR), CAST(MAX(" + key + ") AS CHAR) FROM " + table.Name,
            row => row.IsDBNull(0) ? ((decimal, decimal)?)null : (decimal.Parse(row.GetString(0), CultureInfo.InvariantCulture), decimal.Parse(row.GetString(1), CultureInfo.InvariantCulture)),
            cancellation).ConfigureAwait(false)).FirstOrDefault();
        return ends;
    }

    /// <summary>The keys after every so many rows, in rising order, without the first of all.</summary>
    internal static async Task<IReadOnlyList<string>> StepsAsync(MySqlConnection connection, TableModel table, long rows, int most, CancellationToken cancellation)
    {
        var key = table.Key[0];
        var bounds = new List<string>();
        while (bounds.Count < most)
        {
            var from = bounds.Count == 0 ? string.Empty : " WHERE " + key.Name + " > " + MySqlTypes.Literal(key, bounds[bounds.Count - 1]);
            var next = await MySqlRows.TextAsync(
                connection,
                "SELECT " + MySqlTypes.KeyText(key) + " FROM " + table.Name + from + " ORDER BY " + key.Name + " LIMIT 1 OFFSET " + rows.ToString(CultureInfo.InvariantCulture),
                cancellation).ConfigureAwait(false);
            if (next is null)
            {
                break;
            }

            bounds.Add(next);
        }

        return bounds;
    }
}
