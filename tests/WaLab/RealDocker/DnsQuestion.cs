using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace WaLab.RealDocker;

/// <summary>One question to a name server (RFC 1035), and the answer to it.</summary>
internal sealed class DnsQuestion
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;
    private readonly byte[] _query;
    private readonly int _end;
    private readonly ushort _type;

    private DnsQuestion(byte[] query, int end, string name, ushort type)
    {
        _query = query;
        _end = end;
        _type = type;
        Name = name;
    }

    /// <summary>The name that is asked for.</summary>
    public string Name { get; }

    /// <summary>Reads a query; null for what is none.</summary>
    public static DnsQuestion? Read(byte[] query)
    {
        if (query.Length < HeaderLength || (query[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(4)) != 1)
        {
            return null;
        }

        var labels = new List<string>();
        var at = HeaderLength;
        while (at < query.Length && query[at] is > 0 and < 64 && at + 1 + query[at] < query.Length)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
            at += 1 + query[at];
        }

        return at + 5 <= query.Length && query[at] == 0
            ? new DnsQuestion(query, at + 5, string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1)))
            : null;
    }

    /// <summary>The answer: the address, nothing for other kinds of records, or that there is no such name.</summary>
    public byte[] Answer(IPAddress? address)
    {
        var found = address is not null && _type == TypeA;
        var answer = new byte[_end + (found ? 16 : 0)];
        _query.AsSpan(0, _end).CopyTo(answer);

        // An authoritative answer, recursion as asked; code 3: no such name.
        answer[2] = (byte)(0x84 | (_query[2] & 0x01));
        answer[3] = (byte)(0x80 | (address is null ? 3 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)(found ? 1 : 0));
        answer.AsSpan(8, 4).Clear();
        if (found)
        {
            // The name by reference, type A, class IN, not to be kept, four bytes.
            ReadOnlySpan<byte> record = [0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4];
            record.CopyTo(answer.AsSpan(_end));
            address!.GetAddressBytes().CopyTo(answer, _end + record.Length);
        }

        return answer;
    }
}
