#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace WaMigration.Commands;

/// <summary>Holds the engine and all that it depends on, apart from what PowerShell and other modules have loaded.</summary>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("WaMigration")
{
    /// <summary>
    /// What the folder has, satellite assemblies in their culture's folder included, comes from the folder. The rest
    /// (the framework itself) comes from the default context.
    /// </summary>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Path.Combine(folder, assemblyName.CultureName ?? string.Empty, assemblyName.Name + ".dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
#endif
