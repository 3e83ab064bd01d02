namespace WaMigration;

/// <summary>How a setup takes a token. The token itself is not shown.</summary>
/// <param name="Setup">The setup's name.</param>
/// <param name="UserName">The user that it belongs to; null where nothing tells.</param>
/// <param name="IsAccepted">The setup takes it now.</param>
/// <param name="ExpiresAt">When it ends; null where nothing tells.</param>
/// <param name="TimeLeft">How long it still lives by this machine's clock, zero where it has ended; null where nothing tells.</param>
public sealed record WaToken(string Setup, string? UserName, bool IsAccepted, DateTimeOffset? ExpiresAt, TimeSpan? TimeLeft);
