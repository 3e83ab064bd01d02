using System.Globalization;
using System.Text;

namespace WaMigration.Media.Tar;

/// <summary>The 512-byte blocks of the format (POSIX ustar, with PAX records where a value does not fit).</summary>
internal static class TarBlocks
{
    internal const int Length = 512;
    private const int NameLength = 100;
    private const int ModeAt = 100;
    private const int UserAt = 108;
    private const int GroupAt = 116;
    private const int SizeAt = 124;
    private const int TimeAt = 136;
    private const int SumAt = 148;
    private const int TypeAt = 156;
    private const int LinkAt = 157;
    private const int MagicAt = 257;
    private const int PrefixAt = 345;
    private const int PrefixLength = 155;
    private const long LargestOwner = 0x1FFFFF;
    private const long LargestSize = 0x1FFFFFFFF;
    private const char PaxType = 'x';

    /// <summary>Two empty blocks.</summary>
    internal static byte[] End => new byte[2 * Length];

    internal static int Padding(long size) => (int)((Length - (size % Length)) % Length);

    /// <summary>All blocks that stand before the content.</summary>
    internal static byte[] Write(TarHeader header)
    {
        var records = new StringBuilder();
        AddText(records, "path", header.Name);
        AddText(records, "linkpath", header.LinkName);
        AddNumber(records, "size", header.Size, LargestSize);
        AddNumber(records, "uid", header.UserId, LargestOwner);
        AddNumber(records, "gid", header.GroupId, LargestOwner);
        AddNumber(records, "mtime", header.ModifiedAt, LargestSize);
        if (records.Length == 0)
        {
            return Block(header);
        }

        var pax = Encoding.UTF8.GetBytes(records.ToString());
        return [
            .. Block(new TarHeader { Name = "PaxHeaders/0", Type = PaxType, Size = pax.Length, Mode = 0b110_100_100 }),
            .. pax,
            .. new byte[Padding(pax.Length)],
            .. Block(header)];
    }

    /// <summary>Null for an empty block: the end.</summary>
    /// <exception cref="InvalidDataException">It is no header.</exception>
    internal static TarHeader? Read(byte[] block)
    {
        if (Array.TrueForAll(block, value => value == 0))
        {
            return null;
        }

        if (Number(block, SumAt, 8) != Sum(block))
        {
            throw new InvalidDataException("The archive is damaged.");
        }

        var name = Text(block, 0, NameLength);
        var isUstar = Text(block, MagicAt, 6).TrimEnd(' ') == "ustar" && block[MagicAt + 5] == 0;
        var prefix = isUstar ? Text(block, PrefixAt, PrefixLength) : string.Empty;
        return new TarHeader
        {
            Name = prefix.Length == 0 ? name : prefix + "/" + name,
            Type = block[TypeAt] == 0 ? TarHeader.File : (char)block[TypeAt],
            Size = Number(block, SizeAt, 12),
            Mode = (int)Number(block, ModeAt, 8),
            UserId = Number(block, UserAt, 8),
            GroupId = Number(block, GroupAt, 8),
            ModifiedAt = Number(block, TimeAt, 12),
            LinkName = Text(block, LinkAt, NameLength),
        };
    }

    private static void AddText(StringBuilder records, string key, string value)
    {
        if (Encoding.UTF8.GetByteCount(value) > NameLength || value.Any(c => c > '\x7f'))
        {
            Add(records, key, value);
        }
    }

    private static void AddNumber(StringBuilder records, string key, long value, long largest)
    {
        if (value < 0 || value > largest)
        {
            Add(records, key, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The length of a record counts its own digits.</summary>
    private static void Add(StringBuilder records, string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + rest.ToString(CultureInfo.InvariantCulture).Length;
        while (rest + length.ToString(CultureInfo.InvariantCulture).Length != length)
        {
            length++;
        }

        records.Append(length.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(key).Append('=').Append(value).Append('\n');
    }

    private static byte[] Block(TarHeader header)
    {
        var block = new byte[Length];
        Put(block, 0, NameLength, header.Name);
        PutNumber(block, ModeAt, 8, header.Mode);
        PutNumber(block, UserAt, 8, Fitting(header.UserId, LargestOwner));
        PutNumber(block, GroupAt, 8, Fitting(header.GroupId, LargestOwner));
        PutNumber(block, SizeAt, 12, Fitting(header.Size, LargestSize));
        PutNumber(block, TimeAt, 12, Fitting(header.ModifiedAt, LargestSize));
        block[TypeAt] = (byte)header.Type;
        Put(block, LinkAt, NameLength, header.LinkName);
        Put(block, MagicAt, 6, "ustar");
        Put(block, MagicAt + 6, 2, "00");
        Put(block, SumAt, 7, Convert.ToString(Sum(block), 8).PadLeft(6, '0'));
        block[SumAt + 7] = (byte)' ';
        return block;
    }

    private static long Fitting(long value, long largest) => value < 0 || value > largest ? 0 : value;

    private static void Put(byte[] block, int at, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Buffer.BlockCopy(bytes, 0, block, at, Math.Min(bytes.Length, length));
    }

    private static void PutNumber(byte[] block, int at, int length, long value) =>
        Put(block, at, length - 1, Convert.ToString(value, 8).PadLeft(length - 1, '0'));

    private static long Sum(byte[] block)
    {
        long sum = 0;
        for (var at = 0; at < Length; at++)
        {
            sum += at is >= SumAt and < SumAt + 8 ? ' ' : block[at];
        }

        return sum;
    }

    private static string Text(byte[] block, int at, int length)
    {
        var end = Array.IndexOf(block, (byte)0, at, length);
        return Encoding.UTF8.GetString(block, at, (end < 0 ? at + length : end) - at);
    }

    /// <summary>Octal digits, or GNU's binary form for what does not fit.</summary>
    private static long Number(byte[] block, int at, int length)
    {
        if ((block[at] & 0x80) != 0)
        {
            // Two's complement: the bit of the sign stands beside the mark.
            long binary = (block[at] & 0x40) != 0 ? -1 : 0;
            for (var index = at; index < at + length; index++)
            {
                binary = (binary << 8) | (index == at ? (byte)(block[at] & 0x7F) : block[index]);
            }

            return binary;
        }

        long value = 0;
        foreach (var digit in Encoding.ASCII.GetString(block, at, length).Trim(' ', '\0'))
        {
            if (digit is < '0' or > '7')
            {
                throw new InvalidDataException("The archive is damaged.");
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
