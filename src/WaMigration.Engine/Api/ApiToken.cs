using System.Security;

namespace WaMigration.Api;

/// <summary>A bearer token and when it ends.</summary>
internal sealed record ApiToken(SecureString Value, DateTimeOffset ExpiresAt);
