using System.Security;

namespace WaMigration.Api;

/// <summary>A bearer token and when it ends; null where neither the client nor the token says it.</summary>
internal sealed record ApiToken(SecureString Value, DateTimeOffset? ExpiresAt);
