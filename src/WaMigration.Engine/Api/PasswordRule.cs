using System.Security;
using WaMigration.Security;

namespace WaMigration.Api;

/// <summary>The client's rule for API passwords, checked beforehand: a bad one costs a login attempt otherwise.</summary>
internal static class PasswordRule
{
    private const int Shortest = 8;
    private const int Longest = 64;
    private const string Specials = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~";

    /// <exception cref="WaException">WeakPassword, saying what is missing (never the password).</exception>
    internal static void Require(SecureString password, string target)
    {
        var text = password.Reveal();
        var reason = text switch
        {
            { Length: < Shortest or > Longest } => "ReasonLength",
            _ when !text.Any(c => c is >= '0' and <= '9') => "ReasonDigit",
            _ when !text.Any(c => c is >= 'A' and <= 'Z') => "ReasonUpper",
            _ when !text.Any(c => c is >= 'a' and <= 'z') => "ReasonLower",
            _ when !text.Any(c => Specials.Contains(c)) => "ReasonSpecial",
            _ => null,
        };
        if (reason is not null)
        {
            throw ApiErrors.WeakPassword.Error(target, string.Empty, ApiErrors.Phrase(reason));
        }
    }
}
