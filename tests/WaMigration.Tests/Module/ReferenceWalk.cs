using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WaMigration.Tests.Module;

/// <summary>
/// Walks what an assembly refers to, assemblies, types and members, and tells what is not there in the given folders:
/// the loader's work without the loader, for a framework that does not run on this machine.
/// </summary>
internal sealed class ReferenceWalk : IDisposable
{
    private readonly Dictionary<string, Lazy<PEReader>> images = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="folders">Where assemblies are looked for, in this order.</param>
    internal ReferenceWalk(params string[] folders)
    {
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll")))
        {
            images.TryAdd(Path.GetFileNameWithoutExtension(file), new(() => new PEReader(File.OpenRead(file))));
        }
    }

    /// <summary>Everything that the file refers to and that is not there; empty when all is well.</summary>
    internal IReadOnlyList<string> Missing(string file, bool members)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        var missing = new List<string>();
        foreach (var reference in metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName()))
        {
            if (Find(reference.Name!) is not { } found)
            {
                missing.Add($"assembly {reference}");
            }
            else if (found.GetAssemblyDefinition().Version < reference.Version)
            {
                missing.Add($"assembly {reference}: only {found.GetAssemblyDefinition().Version} is there");
            }
        }

        foreach (var handle in metadata.TypeReferences)
        {
            if (Resolve(metadata, handle) is null)
            {
                missing.Add("type " + Names.FullName(metadata, handle));
            }
        }

        if (members)
        {
            missing.AddRange(metadata.MemberReferences
                .Select(metadata.GetMemberReference)
                .Where(member => !IsThere(metadata, member))
                .Select(member => $"member {metadata.GetString(member.Name)} of {Names.Parent(metadata, member.Parent)}"));
        }

        return missing;
    }

    public void Dispose()
    {
        foreach (var image in images.Values.Where(image => image.IsValueCreated))
        {
            image.Value.Dispose();
        }
    }

    private MetadataReader? Find(string assembly) => images.TryGetValue(assembly, out var image) ? image.Value.GetMetadataReader() : null;

    private bool IsThere(MetadataReader metadata, MemberReference member)
    {
        var parent = member.Parent;
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            var specification = metadata.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(new DefinitionOf(), null);
            if (specification.IsNil)
            {
                // Members of arrays are made by the runtime.
                return true;
            }

            parent = specification;
        }

        if (parent.Kind != HandleKind.TypeReference)
        {
            return true;
        }

        var name = metadata.GetString(member.Name);
        var signature = Signature(metadata, member);
        for (var type = Resolve(metadata, (TypeReferenceHandle)parent); type is { } place; type = BaseOf(place))
        {
            if (Declares(place, name, signature))
            {
                return true;
            }
        }

        return false;
    }

    private static string Signature(MetadataReader metadata, MemberReference member) =>
        member.GetKind() == MemberReferenceKind.Method
            ? Names.Describe(member.DecodeMethodSignature(new Names(), null))
            : member.DecodeFieldSignature(new Names(), null);

    private static bool Declares((MetadataReader Metadata, TypeDefinitionHandle Type) place, string name, string signature)
    {
        var (metadata, handle) = place;
        var type = metadata.GetTypeDefinition(handle);
        return type.GetMethods().Select(metadata.GetMethodDefinition)
                .Any(m => metadata.StringComparer.Equals(m.Name, name) && Names.Describe(m.DecodeSignature(new Names(), null)) == signature)
            || type.GetFields().Select(metadata.GetFieldDefinition)
                .Any(f => metadata.StringComparer.Equals(f.Name, name) && f.DecodeSignature(new Names(), null) == signature);
    }

    private (MetadataReader Metadata, TypeDefinitionHandle Type)? BaseOf((MetadataReader Metadata, TypeDefinitionHandle Type) place)
    {
        var parent = place.Metadata.GetTypeDefinition(place.Type).BaseType;
        if (!parent.IsNil && parent.Kind == HandleKind.TypeSpecification)
        {
            parent = place.Metadata.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(new DefinitionOf(), null);
        }

        return parent.IsNil ? null
            : parent.Kind == HandleKind.TypeDefinition ? (place.Metadata, (TypeDefinitionHandle)parent)
            : Resolve(place.Metadata, (TypeReferenceHandle)parent);
    }

    private (MetadataReader Metadata, TypeDefinitionHandle Type)? Resolve(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var space = metadata.GetString(type.Namespace);
        var name = metadata.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.AssemblyReference:
                var assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return ResolveIn(metadata.GetString(assembly.Name), space, name);
            case HandleKind.TypeReference when Resolve(metadata, (TypeReferenceHandle)type.ResolutionScope) is { } outer:
                foreach (var nested in outer.Metadata.GetTypeDefinition(outer.Type).GetNestedTypes())
                {
                    if (outer.Metadata.StringComparer.Equals(outer.Metadata.GetTypeDefinition(nested).Name, name))
                    {
                        return (outer.Metadata, nested);
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private (MetadataReader Metadata, TypeDefinitionHandle Type)? ResolveIn(string assembly, string space, string name)
    {
        if (Find(assembly) is not { } metadata)
        {
            return null;
        }

        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            if (metadata.StringComparer.Equals(type.Name, name) && metadata.StringComparer.Equals(type.Namespace, space))
            {
                return (metadata, handle);
            }
        }

        foreach (var exported in metadata.ExportedTypes.Select(metadata.GetExportedType))
        {
            if (exported.IsForwarder
                && metadata.StringComparer.Equals(exported.Name, name)
                && metadata.StringComparer.Equals(exported.Namespace, space)
                && exported.Implementation.Kind == HandleKind.AssemblyReference)
            {
                var next = metadata.GetAssemblyReference((AssemblyReferenceHandle)exported.Implementation);
                return ResolveIn(metadata.GetString(next.Name), space, name);
            }
        }

        return null;
    }
}
