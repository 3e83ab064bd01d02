using System.Management.Automation;

namespace WaMigration.Shell;

/// <summary>Goes to another place: the session's, and with it the process's own current folder.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = ByPath)]
[OutputType(typeof(PathInfo))]
public sealed class SetLocationCommand : PSCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>Where to go: a path, ~, or - and + for back and forth. The home folder where it is left out.</summary>
    [Parameter(Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "~";

    /// <summary>A path in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Also writes the new place.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var path = ParameterSetName == ByLiteralPath ? WildcardPattern.Escape(LiteralPath) : Path;
        try
        {
            var place = SessionState.Path.SetLocation(path);
            FollowWithProcess();
            if (PassThru)
            {
                WriteObject(place);
            }
        }
        catch (ItemNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "PathNotFound", ErrorCategory.ObjectNotFound, path));
        }
        catch (PSArgumentException e)
        {
            WriteError(new ErrorRecord(e, "PathNotUsable", ErrorCategory.InvalidArgument, path));
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            WriteError(new ErrorRecord(e, "DriveNotFound", ErrorCategory.ObjectNotFound, path));
        }
    }

    // .NET calls in scripts, [IO.File] above all, see the folder of the process and not that of the session.
    private void FollowWithProcess()
    {
        var folder = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        if (Directory.Exists(folder))
        {
            Directory.SetCurrentDirectory(folder);
        }
    }
}
