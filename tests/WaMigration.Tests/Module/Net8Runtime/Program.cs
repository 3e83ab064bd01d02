using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace WaMigration.Net8Runtime;

/// <summary>
/// Runs the net8.0 leg of the built module on the .NET 8 runtime that this program carries. What it finds goes to
/// standard output, a line each; a failure ends it.
/// </summary>
internal static class Program
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static async Task Main(string[] args)
    {
        var leg = args[0];
        Console.WriteLine($"runtime {RuntimeInformation.FrameworkDescription}");

        // What PowerShell does when it imports the module.
        var cmdlets = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(leg, "WaMigration.dll"));
        cmdlets.GetType("WaMigration.Commands.EngineResolver", throwOnError: true)!.GetMethod("Attach", Everything)!.Invoke(null, null);

        var engine = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName("WaMigration.Engine"));
        var context = AssemblyLoadContext.GetLoadContext(engine)!;
        Console.WriteLine($"compiled {CompileEverything(engine)} methods");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(leg, "engine"), "*.dll"))
        {
            var dependency = context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(file));
            if (AssemblyLoadContext.GetLoadContext(dependency) != context || context == AssemblyLoadContext.Default)
            {
                throw new InvalidOperationException($"{dependency} is not in the private context.");
            }

            Console.WriteLine($"loaded {dependency.GetName().Name} {dependency.GetName().Version}, {dependency.GetTypes().Length} types");
        }

        await EngineTrial.RunAsync();
    }

    /// <summary>The compiler resolves every type and member that a method uses: what .NET 8 lacks shows here.</summary>
    private static int CompileEverything(Assembly assembly)
    {
        var count = 0;
        foreach (var type in assembly.GetTypes().Where(t => !t.ContainsGenericParameters && !t.IsInterface))
        {
            foreach (var method in type.GetMembers(Everything).OfType<MethodBase>())
            {
                if (method.IsAbstract || method.ContainsGenericParameters || method.GetMethodBody() is null)
                {
                    continue;
                }

                RuntimeHelpers.PrepareMethod(method.MethodHandle);
                count++;
            }
        }

        return count;
    }
}
