namespace WaMigration.Shell;

/// <summary>The texts that could stand in place of a part of a line.</summary>
internal sealed record Completions(int Start, int Length, IReadOnlyList<string> Texts);
