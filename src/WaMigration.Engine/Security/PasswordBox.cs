using System.Security.Cryptography;
using System.Text;

namespace WaMigration.Security;

/// <summary>
/// Seals bytes under a password: AES-256-GCM, key by PBKDF2-SHA256. .NET Framework has nothing stronger than PBKDF2,
/// so the rounds are high (OWASP's figure for SHA-256 is 600,000). Layout: magic, rounds, salt, nonce, tag, text.
/// </summary>
internal static class PasswordBox
{
    private const int Rounds = 600_000;
    private const int MaxRounds = 10_000_000;
    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private static readonly byte[] Magic = "WAB1"u8.ToArray();

    private static int HeaderLength => Magic.Length + sizeof(int) + SaltLength + NonceLength + TagLength;

    /// <summary>Seals; the context is authenticated but not contained, so a box cannot be moved to another purpose.</summary>
    internal static byte[] Seal(byte[] plain, string password, string context)
    {
        var box = new byte[HeaderLength + plain.Length];
        Magic.CopyTo(box, 0);
        var at = Magic.Length;
        BitConverter.GetBytes(Rounds).CopyTo(box, at);
        at += sizeof(int);
        using var random = RandomNumberGenerator.Create();
        var salt = new byte[SaltLength];
        random.GetBytes(salt);
        salt.CopyTo(box, at);
        at += SaltLength;
        var nonce = new byte[NonceLength];
        random.GetBytes(nonce);
        nonce.CopyTo(box, at);
        at += NonceLength;
        var key = DeriveKey(password, salt, Rounds);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Encrypt(
                nonce,
                plain,
                box.AsSpan(at + TagLength, plain.Length),
                box.AsSpan(at, TagLength),
                Encoding.UTF8.GetBytes(context));
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }

        return box;
    }

    /// <summary>Opens.</summary>
    /// <returns>The plain bytes, or null where password, context or content do not fit: these cannot be told apart.</returns>
    /// <exception cref="InvalidDataException">It is no such box at all, or is cut short.</exception>
    internal static byte[]? Open(byte[] box, string password, string context)
    {
        if (box.Length < HeaderLength || !box.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new InvalidDataException("Not a sealed box.");
        }

        var at = Magic.Length;
        var rounds = BitConverter.ToInt32(box, at);
        if (rounds is < 1 or > MaxRounds)
        {
            throw new InvalidDataException("Not a sealed box.");
        }

        at += sizeof(int);
        var salt = box.AsSpan(at, SaltLength).ToArray();
        at += SaltLength;
        var nonce = box.AsSpan(at, NonceLength).ToArray();
        at += NonceLength;
        var plain = new byte[box.Length - HeaderLength];
        var key = DeriveKey(password, salt, rounds);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(
                nonce,
                box.AsSpan(at + TagLength),
                box.AsSpan(at, TagLength),
                plain,
                Encoding.UTF8.GetBytes(context));
            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }
    }

    private static byte[] DeriveKey(string password, byte[] salt, int rounds)
    {
#if NET
        return Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, 32);
#else
        using var derive = new Rfc2898DeriveBytes(password, salt, rounds, HashAlgorithmName.SHA256);
        return derive.GetBytes(32);
#endif
    }
}
