using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WaMigration.Tests.Module;

/// <summary>What assemblies say about themselves, read without loading them.</summary>
internal static class MetadataFacts
{
    /// <summary>The assemblies that a file refers to.</summary>
    internal static IReadOnlyList<AssemblyName> References(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
    }

    /// <summary>Instance fields, as Class.field, whose type is an enum or struct of another assembly, bare or in a generic.</summary>
    internal static IReadOnlyList<string> FieldsOfForeignValueTypes(string file, string assembly)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        var found = new List<string>();
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(type => metadata.GetString(type.Name)[0] != '<'))
        {
            foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition).Where(field => !field.Attributes.HasFlag(FieldAttributes.Static)))
            {
                var provider = new ForeignValueTypes(assembly);
                if (field.DecodeSignature(provider, null))
                {
                    found.Add(metadata.GetString(type.Name) + "." + metadata.GetString(field.Name));
                }
            }
        }

        return found;
    }

    /// <summary>The .NET 8 runtime is beside the tests, with the program that runs the engine on it.</summary>
    internal static bool IsInNet8(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(Fixtures.Net8Runtime)!, assembly + ".dll"));

    /// <summary>A value that the project file put into this assembly.</summary>
    internal static string ProjectValue(string key) =>
        typeof(MetadataFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
