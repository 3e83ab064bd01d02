namespace WaMigration.Containers;

/// <summary>What can go wrong with a client as a whole: finding, installing, starting, stopping and removing it.</summary>
internal static class ClientErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Containers.ClientErrors");

    internal static readonly WaErrorKind ClientAmbiguous = new("ClientAmbiguous", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind NoDockerHost = new("NoDockerHost", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind SourceStillRunning = new("SourceStillRunning", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind SourceNotProvedStopped = new("SourceNotProvedStopped", WaErrorCategory.SecurityError, Text);
}
