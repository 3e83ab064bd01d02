using System.Globalization;
using System.Text;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>Takes rows as LOAD DATA would, and inserts them in statements of many rows: for servers that have local_infile off.</summary>
internal sealed class MySqlInserter(MySqlConnection connection, TableModel table, CancellationToken cancellation) : IDisposable
{
    private const int BytesAtOnce = 512 * 1024;
    private const int ValuesAtOnce = 20_000;
    private readonly TableColumn[] columns = [.. table.Stored];
    private readonly List<byte[]?> values = [];
    private readonly MemoryStream value = new();
    private bool isEscaped;
    private bool isNull;
    private long bytes;

    internal long Rows { get; private set; }

    internal async Task TakeAsync(byte[] block, int count)
    {
        for (var at = 0; at < count; at++)
        {
            var letter = block[at];
            if (isEscaped)
            {
                isEscaped = false;
                if (letter == (byte)'N')
                {
                    isNull = true;
                }
                else
                {
                    value.WriteByte(letter switch { (byte)'t' => (byte)'\t', (byte)'n' => (byte)'\n', (byte)'0' => 0, _ => letter });
                }
            }
            else if (letter == (byte)'\\')
            {
                isEscaped = true;
            }
            else if (letter is (byte)'\t' or (byte)'\n')
            {
                values.Add(isNull ? null : value.ToArray());
                bytes += value.Length;
                value.SetLength(0);
                isNull = false;
                if (letter == (byte)'\n' && (bytes > BytesAtOnce || values.Count > ValuesAtOnce))
                {
                    await EndAsync().ConfigureAwait(false);
                }
            }
            else
            {
                value.WriteByte(letter);
            }
        }
    }

    public void Dispose() => value.Dispose();

    /// <summary>Inserts what is there.</summary>
    internal async Task EndAsync()
    {
        if (values.Count == 0)
        {
            return;
        }

        var text = new StringBuilder("INSERT INTO ").Append(table.Name).Append(" (").Append(string.Join(", ", columns.Select(column => column.Name))).Append(") VALUES ");
        using var command = MySqlRows.Command(connection, string.Empty);
        for (var place = 0; place < values.Count; place++)
        {
            var column = columns[place % columns.Length];
            text.Append(place % columns.Length > 0 ? ", " : place > 0 ? "), (" : "(");
            if (values[place] is not { } known)
            {
                text.Append("NULL");
                continue;
            }

            var name = "@p" + place.ToString(CultureInfo.InvariantCulture);
            text.Append(MySqlTypes.Load(column) is { } load ? string.Format(CultureInfo.InvariantCulture, load, name) : name);
            command.Parameters.AddWithValue(name, known);
        }

#pragma warning disable CA2100 // Names are quoted, values are parameters.
        command.CommandText = MySqlRows.Mark + text.Append(')');
#pragma warning restore CA2100
        Rows += await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await MySqlLoader.RequireNoWarningAsync(connection, table, table.Name, cancellation).ConfigureAwait(false);
        values.Clear();
        bytes = 0;
    }
}
