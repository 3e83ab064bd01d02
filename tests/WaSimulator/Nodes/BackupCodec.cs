using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WaSimulator.Api;

namespace WaSimulator.Nodes;

/// <summary>
/// The settings backup: JSON under AES-256-GCM with a key from the password, as base64. Some hundred kB, as the real
/// one, and always with padding at its end, so that a client that treats it as more than an opaque text is found out.
/// </summary>
internal static class BackupCodec
{
    private const int Rounds = 100_000;
    private const int SaltSize = 16;
    private const int CheckSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int PaddingBytes = 240_000;

    private static readonly byte[] Magic = "WASB"u8.ToArray();

    private static int HeaderSize => Magic.Length + SaltSize + CheckSize + NonceSize + TagSize;

    public static string Seal(BackupContent content, string password)
    {
        var plain = Pad(JsonSerializer.SerializeToUtf8Bytes(content with { Padding = RandomNumberGenerator.GetBytes(PaddingBytes) }, ApiJson.Options));
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var (key, check) = Derive(password, salt);
        var tag = new byte[TagSize];
        var cipher = new byte[plain.Length];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, cipher, tag, Magic);
        return Convert.ToBase64String([.. Magic, .. salt, .. check, .. nonce, .. tag, .. cipher]);
    }

    /// <summary>1009 for a text that is no backup or another password, 1014 for one that was changed.</summary>
    public static BackupContent Open(string data, string password)
    {
        var bytes = new byte[data.Length];
        if (!Convert.TryFromBase64String(data, bytes, out var length) ||
            length <= HeaderSize ||
            !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "Parameter 'data' is not a settings backup");
        }

        var reader = new ArraySegment<byte>(bytes, Magic.Length, length - Magic.Length);
        var salt = Take(ref reader, SaltSize);
        var check = Take(ref reader, CheckSize);
        var nonce = Take(ref reader, NonceSize);
        var tag = Take(ref reader, TagSize);
        var (key, expected) = Derive(password, salt);
        if (!CryptographicOperations.FixedTimeEquals(check, expected))
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "The backup cannot be opened with this password");
        }

        var plain = new byte[reader.Count];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(nonce, reader, tag, plain, Magic);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ApiException(ApiErrors.Internal, "The backup is damaged");
        }

        return JsonSerializer.Deserialize<BackupContent>(plain, ApiJson.Options)
            ?? throw new ApiException(ApiErrors.Internal, "The backup is damaged");
    }

    private static byte[] Pad(byte[] json)
    {
        // JSON may end in blanks: as many as make the base64 text end in "=".
        var spare = (HeaderSize + json.Length) % 3 == 0 ? " " : "";
        return [.. json, .. Encoding.ASCII.GetBytes(spare)];
    }

    private static (byte[] Key, byte[] Check) Derive(string password, ReadOnlySpan<byte> salt)
    {
        var derived = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, 32 + CheckSize);
        return (derived[..32], derived[32..]);
    }

    private static ArraySegment<byte> Take(ref ArraySegment<byte> from, int count)
    {
        var part = from[..count];
        from = from[count..];
        return part;
    }
}
