namespace WaMigration.Containers;

/// <summary>What a program in a container of its own said, and how it ended.</summary>
internal sealed record ProgramOutput(int ExitCode, IReadOnlyList<string> Lines, IReadOnlyList<string> Errors);
