using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Runtime.Loader;
using WaMigration.Commands;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commands_reach_through_their_own_dependencies_beside_older_ones(bool theirsFirst)
    {
        var imports = theirsFirst ? ImportTheirs + UseTheirs + ImportOurs : ImportOurs + ImportTheirs + UseTheirs;
        var lines = await FreshProcess.ShellAsync(imports + """
            $login = [pscredential]::new('admin', [Net.NetworkCredential]::new('', 'a password').SecurePassword)
            $setup = Connect-WaSetup -ApiUri https://127.0.0.1:1 -Name nobody -Credential $login -DockerHost tcp://127.0.0.1:1 -TimeoutSec 5 -NotInstalled
            try { Get-WaClient $setup } catch { $_.FullyQualifiedErrorId }
            try { Get-WaUser $setup } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal(
            ["DockerHostUnreachable,WaMigration.Commands.GetWaClientCommand", "ApiUnreachable,WaMigration.Commands.GetWaUserCommand"],
            lines.Skip(lines.Count - 2));
    }

    [Fact]
    public void Texts_in_another_language_are_found_in_the_folder_of_their_culture_or_of_its_parent()
    {
        var folder = Path.GetDirectoryName(Fixtures.OlderDependencies)!;
        var context = new EngineLoadContext(folder);
        var assembly = context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(Fixtures.OlderDependencies));
        var texts = new ResourceManager("OlderDependencies.Texts", assembly);

        Assert.Same(context, AssemblyLoadContext.GetLoadContext(assembly));
        Assert.Equal("Hello", texts.GetString("Hello", CultureInfo.InvariantCulture));
        Assert.Equal("Konnichiwa", texts.GetString("Hello", CultureInfo.GetCultureInfo("ja")));
        Assert.Equal("Konnichiwa", texts.GetString("Hello", CultureInfo.GetCultureInfo("ja-JP")));
        Assert.Equal("Hello", texts.GetString("Hello", CultureInfo.GetCultureInfo("de")));
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
