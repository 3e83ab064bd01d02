using System.Management.Automation;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Newtonsoft.Json;

namespace OlderDependencies;

/// <summary>Uses both dependencies and gives the assemblies that it got.</summary>
[Cmdlet(VerbsCommon.Get, "OlderDependency")]
[OutputType(typeof(Assembly))]
public sealed class GetOlderDependencyCommand : Cmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        NullLogger.Instance.BeginScope(JsonConvert.SerializeObject(new { used = true }));
        WriteObject(typeof(NullLogger).Assembly);
        WriteObject(typeof(JsonConvert).Assembly);
    }
}
