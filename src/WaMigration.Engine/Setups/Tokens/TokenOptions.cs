using System.Security;

namespace WaMigration.Setups.Tokens;

/// <summary>Which token is kept, and what is asked of it.</summary>
internal sealed record TokenOptions
{
    /// <summary>The login of the user whose token is kept; the session's own by default.</summary>
    internal string? UserName { get; init; }

    internal SecureString? UserPassword { get; init; }

    /// <summary>A token that is there already; null for a fresh login.</summary>
    internal SecureString? Token { get; init; }

    /// <summary>What a person knows of its end.</summary>
    internal DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long it must live.</summary>
    internal TimeSpan? RequiredDuration { get; init; }

    /// <summary>Replaces a file that is there.</summary>
    internal bool Force { get; init; }
}
