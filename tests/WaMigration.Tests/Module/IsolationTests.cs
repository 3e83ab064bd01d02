using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>Another module in the same session has older versions of what the engine needs; neither may notice.</summary>
public sealed class IsolationTests
{
    private const string Describe = "ForEach-Object { $_.GetName().Name + ' ' + $_.GetName().Version.ToString(2) + ' ' + [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name }";

    private static readonly string ImportOurs = $"Import-Module '{ModuleUnderTest.Manifest}'; Import-Module '{Fixtures.TestCmdlets}'; ";

    private static readonly string ImportTheirs = $"Import-Module '{Fixtures.OlderDependencies}'; ";

    private static readonly string UseOurs = $"Get-TestEngine Microsoft.Extensions.Logging.Abstractions, Newtonsoft.Json | {Describe}; ";

    private static readonly string UseTheirs = $"Get-OlderDependency | {Describe}; ";

    public static TheoryData<string> Orders =>
    [
        ImportTheirs + UseTheirs + ImportOurs + UseOurs,
        ImportTheirs + ImportOurs + UseOurs + UseTheirs,
        ImportOurs + UseOurs + ImportTheirs + UseTheirs,
        ImportOurs + ImportTheirs + UseTheirs + UseOurs,
    ];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Each_module_gets_its_own_versions_whichever_comes_first(string script)
    {
        var lines = await FreshProcess.ShellAsync(script);

        Assert.Equal(
            [
                "Microsoft.Extensions.Logging.Abstractions 10.0 WaMigration",
                "Microsoft.Extensions.Logging.Abstractions 6.0 Default",
                // PowerShell itself brings this one, so the other module asked for 12.0 and got PowerShell's.
                "Newtonsoft.Json 13.0 Default",
                "Newtonsoft.Json 13.0 WaMigration",
                "WaMigration.Engine 0.1 WaMigration",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_field_of_the_cmdlet_assembly_needs_the_engine_to_lay_its_class_out() =>
        Assert.Empty(MetadataFacts.FieldsOfForeignValueTypes(
            Path.Combine(ModuleUnderTest.Folder, "net8.0", "WaMigration.dll"),
            "WaMigration.Engine"));

    [Fact]
    public void The_cmdlet_assembly_references_only_what_every_PowerShell_has()
    {
        var references = MetadataFacts.References(Path.Combine(ModuleUnderTest.Folder, "net8.0", "WaMigration.dll"));

        foreach (var reference in references)
        {
            Assert.True(
                reference.Name is "System.Management.Automation" or "WaMigration.Engine"
                || (reference.Version!.Major <= 8 && MetadataFacts.IsInNet8(reference.Name!)),
                $"{reference} is not in PowerShell 7.4, and what is not there must stay inside the engine.");
        }
    }
}
