namespace WaMigration.Tests.Kills;

/// <summary>The last step only looks, and so do earlier ones: what it asks is told apart by when it asks.</summary>
internal static class LastStep
{
    /// <summary>Whether the record in a migration's folder says that it has begun.</summary>
    internal static bool HasBegun(string folder)
    {
        using var stream = new FileStream(Path.Combine(folder, "events.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Any(line =>
            line.Contains("\"step-started\"", StringComparison.Ordinal) && line.Contains("\"10\"", StringComparison.Ordinal));
    }
}
