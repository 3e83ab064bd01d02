using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Uses the engine and tells what its private context holds: name, version, context, place.</summary>
[Cmdlet(VerbsCommon.Get, "TestEngine")]
public sealed class GetEngineCommand : Cmdlet
{
    /// <summary>Dependencies to load through the engine's context.</summary>
    [Parameter(Position = 0)]
    public string[] Dependency { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Load();

    // In a method of its own, so that binding this cmdlet does not need the engine.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Load()
    {
        var engine = typeof(WaException).Assembly;
        var context = AssemblyLoadContext.GetLoadContext(engine)!;
        foreach (var name in Dependency)
        {
            WriteObject(context.LoadFromAssemblyName(new(name)));
        }

        WriteObject(engine);
    }
}
