using System.Management.Automation;

namespace WaMigration.Shell;

/// <summary>Says where the session is.</summary>
[Cmdlet(VerbsCommon.Get, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class GetLocationCommand : PSCmdlet
{
    /// <inheritdoc />
    protected override void ProcessRecord() => WriteObject(SessionState.Path.CurrentLocation);
}
