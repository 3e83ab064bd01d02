using System.Buffers.Binary;
using System.Text;

namespace WaLab.RealDocker;

/// <summary>Docker sends the output of a container without terminal in frames: stream number, length, bytes.</summary>
internal static class DockerLogFrames
{
    private const int HeaderLength = 8;

    public static string Text(ReadOnlySpan<byte> frames)
    {
        var text = new StringBuilder();
        while (frames.Length >= HeaderLength)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(frames[4..]), (uint)(frames.Length - HeaderLength));
            text.Append(Encoding.UTF8.GetString(frames.Slice(HeaderLength, length)));
            frames = frames[(HeaderLength + length)..];
        }

        return text.ToString();
    }
}
