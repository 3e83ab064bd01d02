using System.Security.Cryptography;
using System.Text;

namespace WaSimulator.DockerApi;

/// <summary>Identifiers of 64 hexadecimal digits.</summary>
internal static class DockerIds
{
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Content addresses: the same image has the same id on every host.</summary>
    public static string Of(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    public static string Short(string id) => id[..12];
}
