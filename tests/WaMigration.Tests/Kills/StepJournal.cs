namespace WaMigration.Tests.Kills;

/// <summary>Requests of the same kind are made by several steps: whose one is, is told by when it is made.</summary>
internal static class StepJournal
{
    /// <summary>Whether the record in a migration's folder says that a step has begun.</summary>
    internal static bool HasBegun(string folder, int step)
    {
        var path = Path.Combine(folder, "events.jsonl");
        if (!File.Exists(path))
        {
            return false;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Any(line =>
            line.Contains("\"step-started\"", StringComparison.Ordinal) && line.Contains($"\"{step}\"", StringComparison.Ordinal));
    }
}
