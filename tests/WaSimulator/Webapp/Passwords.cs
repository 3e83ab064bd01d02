using WaSimulator.Api;

namespace WaSimulator.Webapp;

/// <summary>Password rules and hashes.</summary>
internal sealed class Passwords(int workFactor)
{
    public const string FactoryUser = "admin";
    public const string FactoryPassword = "secret";

    private const string Special = "!\"#$%&\\'()*+,-./:;<=>?@[]^_`{|}~";

    public string Hash(string password) => BCrypt.Net.BCrypt.HashPassword(password, workFactor);

    public static bool Matches(string password, string hash) => BCrypt.Net.BCrypt.Verify(password, hash);

    /// <summary>8-64 characters, one digit, one upper, one lower, one special; else 1009.</summary>
    public static void Demand(string password)
    {
        if (password.Length is < 8 or > 64 ||
            !password.Any(char.IsAsciiDigit) ||
            !password.Any(char.IsAsciiLetterUpper) ||
            !password.Any(char.IsAsciiLetterLower) ||
            !password.Any(Special.Contains))
        {
            throw new ApiException(
                ApiErrors.ParameterInvalid,
                "Password doesn't meet complexity requirements: 8 to 64 characters with at least 1 digit, 1 upper case letter, 1 lower case letter and 1 special character");
        }
    }
}
