#if !NET
using System.Reflection;

namespace WaMigration.Commands;

/// <summary>
/// Windows PowerShell 5.1: a module has no binding redirects, so references to other versions than those shipped are
/// answered here. The decision itself is <see cref="ResolveDecision"/>. In C# and not a script block, because the
/// event is raised on threads that have no runspace.
/// </summary>
internal static class EngineResolver
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(EngineResolver).Assembly.Location)!;

    private static readonly Lazy<ResolveDecision> Decision = new(() => ResolveDecision.ForFolder(Folder));

    internal static void Attach() => AppDomain.CurrentDomain.AssemblyResolve += Resolve;

    internal static void Detach() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    private static Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        // An assembly made in memory has no place, and asking for it throws.
        var requester = request.RequestingAssembly is { IsDynamic: false } known ? known.Location : null;
        var file = Decision.Value.FileFor(new AssemblyName(request.Name), requester);

        // LoadFrom, so that its own references are looked for beside it.
        return file is null ? null : Assembly.LoadFrom(file);
    }
}
#endif
