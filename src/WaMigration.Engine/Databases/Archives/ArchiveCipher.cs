using System.Security.Cryptography;
using System.Text;
using WaMigration.Security;

namespace WaMigration.Databases.Archives;

/// <summary>
/// Encrypts the files of an archive: AES-256-GCM in blocks, key by PBKDF2-SHA256, one salt an archive. A file is: magic
/// (4), rounds (4), salt (16), key check (8), nonce prefix (8); then blocks of up to 64 KiB, each its tag (16) and its
/// text. A block's nonce is the prefix and its number (4, big-endian); authenticated with it are the file's path and
/// whether it is the last block, so that nothing can be cut off, added, moved or swapped.
/// </summary>
internal sealed class ArchiveCipher
{
    internal const int BlockSize = 64 * 1024;
    internal const int TagLength = 16;
    internal const int HeaderLength = 40;
    private const int SaltLength = 16;
    private const int CheckLength = 8;
    private const int PrefixLength = 8;
    private const int Rounds = 600_000;
    private const int MaxRounds = 10_000_000;
    private static readonly byte[] Magic = "WAE1"u8.ToArray();

    private readonly byte[] key;
    private readonly byte[] start;

    private ArchiveCipher(byte[] key, int rounds, byte[] salt)
    {
        this.key = key;
        start = [.. Magic, .. BitConverter.GetBytes(rounds), .. salt, .. Check(key)];
    }

    /// <summary>A new key for a new archive.</summary>
    internal static ArchiveCipher Create(string password)
    {
        var salt = Random(SaltLength);
        return new ArchiveCipher(Derive(password, salt, Rounds), Rounds, salt);
    }

    /// <summary>The key of an archive, by the beginning of one of its files; null where the password is another.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    internal static ArchiveCipher? Open(byte[] header, string password)
    {
        if (!IsEncrypted(header) || BitConverter.ToInt32(header, 4) is not (>= 1 and <= MaxRounds))
        {
            throw new InvalidDataException();
        }

        var salt = header.AsSpan(8, SaltLength).ToArray();
        var cipher = new ArchiveCipher(Derive(password, salt, BitConverter.ToInt32(header, 4)), BitConverter.ToInt32(header, 4), salt);
        return cipher.start.AsSpan().SequenceEqual(header.AsSpan(0, cipher.start.Length)) ? cipher : null;
    }

    internal static bool IsEncrypted(byte[] header) => header.Length >= HeaderLength && header.AsSpan(0, Magic.Length).SequenceEqual(Magic);

    /// <summary>What a new file begins with.</summary>
    internal byte[] Header() => [.. start, .. Random(PrefixLength)];

    /// <summary>Whether a file was written under this key.</summary>
    internal bool Fits(byte[] header) => header.AsSpan(0, start.Length).SequenceEqual(start);

    internal AesGcm Cipher() => new(key, TagLength);

    internal static byte[] Nonce(byte[] header, uint number) =>
        [.. header.AsSpan(HeaderLength - PrefixLength, PrefixLength).ToArray(), (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    internal static byte[] Context(string path, bool isLast) => [.. Encoding.UTF8.GetBytes(path), 0, isLast ? (byte)1 : (byte)0];

    private static byte[] Check(byte[] key) => Sha256.Hash([.. key, .. "check"u8.ToArray()]).AsSpan(0, CheckLength).ToArray();

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return bytes;
    }

    private static byte[] Derive(string password, byte[] salt, int rounds)
    {
#if NET
        return Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, 32);
#else
        using var derive = new Rfc2898DeriveBytes(password, salt, rounds, HashAlgorithmName.SHA256);
        return derive.GetBytes(32);
#endif
    }
}
