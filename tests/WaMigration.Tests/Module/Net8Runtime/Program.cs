using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Net8Runtime;

/// <summary>
/// Runs the net8.0 leg of the built module on the .NET 8 runtime that this program carries. What it finds goes to
/// standard output, a line each; a failure ends it.
/// </summary>
internal static class Program
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static int Main(string[] args)
    {
        var leg = args[0];
        Console.WriteLine($"runtime {RuntimeInformation.FrameworkDescription}");

        var cmdlets = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(leg, "WaMigration.dll"));
        var context = (AssemblyLoadContext)Activator.CreateInstance(
            cmdlets.GetType("WaMigration.Commands.EngineLoadContext", throwOnError: true)!,
            Everything,
            binder: null,
            [Path.Combine(leg, "engine")],
            culture: null)!;
        var engine = context.LoadFromAssemblyName(new AssemblyName("WaMigration.Engine"));

        Console.WriteLine($"compiled {CompileEverything(engine)} methods");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(leg, "engine"), "*.dll"))
        {
            var dependency = context.LoadFromAssemblyName(AssemblyName.GetAssemblyName(file));
            Require(AssemblyLoadContext.GetLoadContext(dependency) == context, $"{dependency} is not in the private context");
            Console.WriteLine($"loaded {dependency.GetName().Name} {dependency.GetName().Version}, {dependency.GetTypes().Length} types");
        }

        SealAndOpen(engine);
        return 0;
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

    private static void SealAndOpen(Assembly engine)
    {
        var box = engine.GetType("WaMigration.Security.PasswordBox", throwOnError: true)!;
        var seal = box.GetMethod("Seal", Everything)!;
        var open = box.GetMethod("Open", Everything)!;
        byte[] plain = [1, 2, 3];
        var watch = Stopwatch.StartNew();
        var closed = seal.Invoke(null, [plain, "a password", "a context"]);
        Require(open.Invoke(null, [closed, "a password", "a context"]) is byte[] opened && opened.SequenceEqual(plain), "the box did not open");
        Require(open.Invoke(null, [closed, "another password", "a context"]) is null, "the box opened with a wrong password");
        Console.WriteLine($"sealed and opened a box in {watch.ElapsedMilliseconds} ms");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
