using System.Management.Automation;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

public sealed class ImportTests
{
    [Fact]
    public void The_built_manifest_imports_without_a_word()
    {
        using var session = new PowerShellSession(importModule: false);

        var result = session.Run("param($m) Import-Module $m -PassThru", ("m", ModuleUnderTest.Manifest)).MustSucceed();

        var module = Assert.IsType<PSModuleInfo>(result.Single().BaseObject);
        Assert.Equal("WaMigration", module.Name);
        Assert.Equal(ModuleUnderTest.Folder, module.ModuleBase);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Every_cmdlet_class_is_exported_and_every_export_is_a_cmdlet_class()
    {
        using var session = new PowerShellSession();

        var exported = session.Run("(Get-Module WaMigration).ExportedCmdlets.Keys").MustSucceed().Output.Select(o => o.ToString()).Order();
        var listed = session.Run("param($m) (Test-ModuleManifest $m).ExportedCmdlets.Keys", ("m", ModuleUnderTest.Manifest)).MustSucceed().Output.Select(o => o.ToString()).Order();

        Assert.Equal(CmdletClasses(), exported);
        Assert.Equal(exported, listed);
    }

    [Fact]
    public void The_module_exports_nothing_but_cmdlets()
    {
        using var session = new PowerShellSession();

        var others = session.Run("$m = Get-Module WaMigration; $m.ExportedFunctions.Keys; $m.ExportedAliases.Keys; $m.ExportedVariables.Keys").MustSucceed();

        Assert.Empty(others.Output);
    }

    [Fact]
    public void The_manifest_carries_the_version_of_the_assemblies()
    {
        using var session = new PowerShellSession();

        var version = (Version)session.Run("(Get-Module WaMigration).Version").Single().BaseObject;

        foreach (var leg in new[] { "net8.0/WaMigration.dll", "net8.0/engine/WaMigration.Engine.dll", "net472/WaMigration.dll", "net472/WaMigration.Engine.dll" })
        {
            Assert.Equal(version, Version.Parse(AssemblyName.GetAssemblyName(Path.Combine(ModuleUnderTest.Folder, leg)).Version!.ToString(3)));
        }
    }

    [Fact]
    public async Task Import_loads_the_cmdlet_assembly_alone()
    {
        var loaded = await FreshProcess.ShellAsync($$"""
            $before = [AppDomain]::CurrentDomain.GetAssemblies()
            Import-Module '{{ModuleUnderTest.Manifest}}'
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $before -notcontains $_ } | ForEach-Object { $_.Location }
            """);

        var own = Path.GetFullPath(ModuleUnderTest.Folder);
        Assert.Equal([Path.Combine(own, "net8.0", "WaMigration.dll")], loaded.Where(file => file.StartsWith(own, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_module_that_was_removed_imports_again()
    {
        using var session = Fixtures.Session();

        var result = session.Run(
            "param($m, $t) Remove-Module WaMigration.TestCmdlets, WaMigration; Import-Module $m; Import-Module $t; (Get-TestEngine).GetName().Name",
            ("m", ModuleUnderTest.Manifest),
            ("t", Fixtures.TestCmdlets)).MustSucceed();

        Assert.Equal("WaMigration.Engine", result.Single().BaseObject);
    }

    /// <summary>Verb-Noun of all cmdlet classes, from the metadata of the built assembly.</summary>
    private static IEnumerable<string> CmdletClasses()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(ModuleUnderTest.Folder, "net8.0", "WaMigration.dll")));
        var metadata = file.GetMetadataReader();
        var names = new List<string>();
        foreach (var attribute in metadata.CustomAttributes.Select(metadata.GetCustomAttribute))
        {
            if (attribute.Parent.Kind == HandleKind.TypeDefinition
                && attribute.Constructor.Kind == HandleKind.MemberReference
                && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) == "CmdletAttribute")
            {
                var value = metadata.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                names.Add(value.ReadSerializedString() + "-" + value.ReadSerializedString());
            }
        }

        return names.Order();
    }
}
