namespace WaMigration.Databases.Copying;

/// <summary>Counts the rows of a stream as it passes, in PostgreSQL's two formats of COPY.</summary>
internal sealed class RowCounter(ChunkFormat format)
{
    /// <summary>The signature, flags, and the length of an extension that nobody uses.</summary>
    private const int BinaryHeader = 19;

    private long skip = format == ChunkFormat.Binary ? BinaryHeader : 0;
    private int fields;
    private int wanted;
    private int have;
    private int value;

    internal long Rows { get; private set; }

    internal void Add(byte[] buffer, int count)
    {
        if (format == ChunkFormat.Text)
        {
            // A line feed inside a value is always written as \n, so each one ends a row.
            for (var i = 0; i < count; i++)
            {
                if (buffer[i] == (byte)'\n')
                {
                    Rows++;
                }
            }

            return;
        }

        for (var i = 0; i < count;)
        {
            if (skip > 0)
            {
                var step = (int)Math.Min(skip, count - i);
                skip -= step;
                i += step;
                continue;
            }

            if (wanted == 0)
            {
                (wanted, have, value) = (fields > 0 ? sizeof(int) : sizeof(short), 0, 0);
            }

            value = (value << 8) | buffer[i++];
            if (++have == wanted)
            {
                Take();
            }
        }
    }

    private void Take()
    {
        wanted = 0;
        if (fields > 0)
        {
            fields--;
            skip = Math.Max(value, 0);
        }
        else if ((short)value >= 0)
        {
            Rows++;
            fields = value;
        }
    }
}
