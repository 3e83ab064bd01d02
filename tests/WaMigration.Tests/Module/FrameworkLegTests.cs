using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>
/// Windows PowerShell 5.1 cannot run here. Its leg is walked instead: everything that it refers to must be in .NET
/// Framework 4.7.2, in Windows PowerShell, or in the leg's own folder.
/// </summary>
public sealed class FrameworkLegTests
{
    private static readonly string Leg = Path.Combine(ModuleUnderTest.Folder, "net472");

    private static readonly string Framework = MetadataFacts.ProjectValue("FrameworkReferences");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Leg, "*.dll").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Everything_that_the_leg_refers_to_is_there(string file)
    {
        using var walk = NewWalk();

        var missing = walk.Missing(Path.Combine(Leg, file), members: file.StartsWith("WaMigration", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void The_walk_sees_what_is_not_there()
    {
        using var walk = NewWalk();

        var missing = walk.Missing(Path.Combine(ModuleUnderTest.Folder, "net8.0", "engine", "WaMigration.Engine.dll"), members: true);

        Assert.Contains(missing, m => m.StartsWith("assembly System.Runtime, Version=8.0.0.0", StringComparison.Ordinal));
        Assert.Contains(missing, m => m == "member Pbkdf2 of System.Security.Cryptography.Rfc2898DeriveBytes");
    }

    [Fact]
    public void The_leg_carries_nothing_of_PowerShell() =>
        Assert.DoesNotContain("System.Management.Automation.dll", Directory.EnumerateFiles(Leg).Select(Path.GetFileName));

    private static ReferenceWalk NewWalk() => new(
        Leg,
        Framework,
        Path.Combine(Framework, "Facades"),
        MetadataFacts.ProjectValue("WindowsPowerShellReferences"));
}
