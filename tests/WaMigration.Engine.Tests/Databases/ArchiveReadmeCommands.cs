namespace WaMigration.Engine.Tests.Databases;

/// <summary>The commands that an archive's README.txt tells people to run: its lines that stand to the right.</summary>
internal static class ArchiveReadmeCommands
{
    private const string Indent = "    ";

    internal static string Of(string archive)
    {
        var lines = File.ReadAllLines(Path.Combine(archive, "README.txt")).Where(line => line.StartsWith(Indent, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        return string.Join("\n", lines);
    }
}
