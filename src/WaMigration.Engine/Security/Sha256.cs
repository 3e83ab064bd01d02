using System.Security.Cryptography;

namespace WaMigration.Security;

/// <summary>SHA-256 as upper-case hexadecimal digits.</summary>
internal static class Sha256
{
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
