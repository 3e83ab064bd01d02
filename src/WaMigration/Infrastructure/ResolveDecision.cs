using System.Reflection;

namespace WaMigration.Commands;

/// <summary>
/// Which requests for an assembly are answered with a file of this module, in a process that all modules share
/// (.NET Framework). Only names that are shipped; whatever the version, if the requester is ours; if nobody knows the
/// requester, only when ours is not older than what is wanted. Requests of other modules are left to them.
/// </summary>
internal sealed class ResolveDecision
{
    private readonly string folder;
    private readonly IReadOnlyDictionary<string, Version> shipped;

    /// <param name="folder">The folder of the leg.</param>
    /// <param name="shipped">The assemblies in it with their versions; satellites as <c>ja/Name.resources</c>.</param>
    internal ResolveDecision(string folder, IReadOnlyDictionary<string, Version> shipped)
    {
        this.folder = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        this.shipped = shipped;
    }

    /// <summary>Reads what is shipped from the folder itself.</summary>
    internal static ResolveDecision ForFolder(string folder)
    {
        var shipped = new Dictionary<string, Version>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories))
        {
            var name = AssemblyName.GetAssemblyName(file);
            shipped[Key(name)] = name.Version ?? new Version(0, 0);
        }

        return new ResolveDecision(folder, shipped);
    }

    /// <summary>The file to load, or null where the request is none of ours.</summary>
    /// <param name="requested">What is wanted.</param>
    /// <param name="requester">Where the assembly that wants it was loaded from; null or empty where nobody knows.</param>
    internal string? FileFor(AssemblyName requested, string? requester)
    {
        var key = Key(requested);
        if (!shipped.TryGetValue(key, out var version))
        {
            return null;
        }

        var mayHave = string.IsNullOrEmpty(requester)
            ? requested.Version is null || requested.Version <= version
            : requester!.StartsWith(folder, StringComparison.OrdinalIgnoreCase);
        return mayHave ? folder + key.Replace('/', Path.DirectorySeparatorChar) + ".dll" : null;
    }

    private static string Key(AssemblyName name) =>
        string.IsNullOrEmpty(name.CultureName) ? name.Name! : name.CultureName + "/" + name.Name;
}
