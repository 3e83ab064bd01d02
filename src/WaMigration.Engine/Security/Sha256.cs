using System.Security.Cryptography;

namespace WaMigration.Security;

/// <summary>SHA-256 as upper-case hexadecimal digits.</summary>
internal static class Sha256
{
    /// <summary>The digits of a hash that is there already.</summary>
    internal static string Text(byte[] hash) =>
#if NET
        Convert.ToHexString(hash);
#else
        BitConverter.ToString(hash).Replace("-", string.Empty);
#endif

    internal static byte[] Hash(byte[] bytes)
    {
#if NET
        return SHA256.HashData(bytes);
#else
        using var sha = SHA256.Create();
        return sha.ComputeHash(bytes);
#endif
    }

    internal static string Hex(byte[] bytes)
    {
#if NET
        return Convert.ToHexString(SHA256.HashData(bytes));
#else
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(bytes)).Replace("-", string.Empty);
#endif
    }
}
