namespace WaMigration.Databases.MySql.Copying;

/// <summary>Rows in the form that LOAD DATA takes, handed on in blocks: tab between values, line feed after a row, \N for NULL.</summary>
internal sealed class RowBlock(Func<byte[], int, Task> write)
{
    private const int Size = 256 * 1024;

    /// <summary>So much room is left when a value begins: what is escaped at once doubles at most.</summary>
    private const int Step = 16 * 1024;

    private readonly byte[] block = new byte[Size];
    private readonly byte[] raw = new byte[Step];
    private int filled;

    internal long Bytes { get; private set; }

    /// <summary>Whether a value of this many bytes fits without handing on first.</summary>
    internal bool HasRoom(long bytes) => (2 * bytes) + 2 <= Size - filled;

    /// <summary>Where a part of a value is put to be escaped.</summary>
    internal byte[] Raw => raw;

    internal void Put(byte letter) => block[filled++] = letter;

    internal void PutNull()
    {
        block[filled++] = (byte)'\\';
        block[filled++] = (byte)'N';
    }

    /// <summary>Escapes what lies in <see cref="Raw"/>.</summary>
    internal void Escape(int count) => Escape(raw, count);

    internal void Escape(byte[] from, int count)
    {
        var at = filled;
        var to = block;
        for (var i = 0; i < count; i++)
        {
            var letter = from[i];
            if (letter is (byte)'\\' or (byte)'\t' or (byte)'\n' or 0)
            {
                to[at++] = (byte)'\\';
                letter = letter switch { (byte)'\t' => (byte)'t', (byte)'\n' => (byte)'n', 0 => (byte)'0', _ => letter };
            }

            to[at++] = letter;
        }

        filled = at;
    }

    internal async Task FlushAsync()
    {
        if (filled > 0)
        {
            Bytes += filled;
            var count = filled;
            filled = 0;
            await write(block, count).ConfigureAwait(false);
        }
    }
}
