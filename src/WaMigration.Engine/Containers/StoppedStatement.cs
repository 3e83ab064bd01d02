namespace WaMigration;

/// <summary>A person's word that a client is stopped.</summary>
internal sealed record StoppedStatement(string Person, DateTimeOffset At);
