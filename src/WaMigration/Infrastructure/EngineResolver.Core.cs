#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace WaMigration.Commands;

/// <summary>
/// PowerShell 7: the default context asks here for the engine, and for the engine alone; everything that the engine
/// needs is resolved inside the private context. Handlers add up, so that every runspace that has the module imported
/// holds its own.
/// </summary>
internal static class EngineResolver
{
    private const string EngineName = "WaMigration.Engine";

    // One context for the process: a second one would make a second, different WaSetup type.
    private static readonly EngineLoadContext Context = new(
        Path.Combine(Path.GetDirectoryName(typeof(EngineResolver).Assembly.Location)!, "engine"));

    internal static void Attach() => AssemblyLoadContext.Default.Resolving += Resolve;

    internal static void Detach() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == EngineName ? Context.LoadFromAssemblyName(name) : null;
}
#endif
