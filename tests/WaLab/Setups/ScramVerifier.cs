using System.Security.Cryptography;
using System.Text;

namespace WaLab.Setups;

/// <summary>
/// What PostgreSQL keeps of a password for SCRAM-SHA-256, with few rounds: a lab opens hundreds of connections, and the
/// usual 4096 rounds on both ends of each would be most of its work.
/// </summary>
internal static class ScramVerifier
{
    private const int Rounds = 16;

    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Rounds}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
