namespace WaMigration.Containers;

/// <summary>Why a client counts as stopped.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Seen">What was looked at, in words.</param>
/// <param name="Statement">A person's word, where something could not be looked at; null where all could.</param>
internal sealed record StoppedEvidence(DateTimeOffset At, IReadOnlyList<string> Seen, StoppedStatement? Statement);
