using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>
/// Called by PowerShell when the module is imported and removed. Nothing is loaded here: the engine comes with its
/// first use, from its own folder, and never meets the assemblies of other modules.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => EngineResolver.Attach();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => EngineResolver.Detach();
}
