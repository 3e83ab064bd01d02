using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>HS256 tokens that live for seven days.</summary>
internal sealed class TokenIssuer
{
    /// <summary>The key that old images carry when WA_WEB_JWT_CRYPTO_KEY is not set.</summary>
    private const string ImageKey = "whatsapp-business-api-web-token-key";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SymmetricSecurityKey key;
    private readonly SimClock clock;

    public TokenIssuer(string? secret, SimClock clock)
    {
        this.clock = clock;
        // HS256 wants 256 bits; the variable may be of any length.
        key = new SymmetricSecurityKey(SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ImageKey)));
    }

    public (string Token, DateTimeOffset ExpiresAt) Issue(string user)
    {
        var now = clock.Now;
        var expires = now + Lifetime;
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            IssuedAt = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["user"] = user,
                ["wa:rand"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        return (token, expires);
    }

    /// <summary>Whether the token is ours and has not expired.</summary>
    public async Task<bool> IsValidAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && clock.Now.UtcDateTime < end,
        });
        return result.IsValid;
    }
}
