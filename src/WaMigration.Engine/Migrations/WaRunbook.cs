namespace WaMigration;

/// <summary>A runbook that comes with the module: a script that can be read, run, copied and changed.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Option">The guide's option; null where it belongs to none.</param>
/// <param name="Synopsis">What it does, in one sentence.</param>
/// <param name="Path">The file.</param>
public sealed record WaRunbook(string Name, int? Option, string Synopsis, string Path);
