namespace WaMigration.Containers;

/// <summary>What can go wrong with a client as a whole: finding, installing, starting, stopping and removing it.</summary>
internal static class ClientErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Containers.ClientErrors");

    internal static readonly WaErrorKind ClientAmbiguous = new("ClientAmbiguous", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind NoDockerHost = new("NoDockerHost", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind SourceStillRunning = new("SourceStillRunning", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind SourceNotProvedStopped = new("SourceNotProvedStopped", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind ClientNotAnswering = new("ClientNotAnswering", WaErrorCategory.OperationTimeout, Text);

    internal static readonly WaErrorKind ClientInstalledAlready = new("ClientInstalledAlready", WaErrorCategory.ResourceExists, Text);

    internal static readonly WaErrorKind TopologyUnreadable = new("TopologyUnreadable", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind TopologyImpossible = new("TopologyImpossible", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind PlacementMissing = new("PlacementMissing", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind PlacementImpossible = new("PlacementImpossible", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind DatabaseServerUnknown = new("DatabaseServerUnknown", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind ClientNotInstalled = new("ClientNotInstalled", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind NodeNotFound = new("NodeNotFound", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind UndeliveredRemain = new("UndeliveredRemain", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind UndeliveredUnknown = new("UndeliveredUnknown", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind ClientStillThere = new("ClientStillThere", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind DefinitionPasswordMissing = new("DefinitionPasswordMissing", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind DefinitionsUnreadable = new("DefinitionsUnreadable", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind DefinitionsOfAnother = new("DefinitionsOfAnother", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind DefinitionsNotWritten = new("DefinitionsNotWritten", WaErrorCategory.WriteError, Text);

    internal static readonly WaErrorKind DefinitionsMissing = new("DefinitionsMissing", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind DefinitionsHostUnknown = new("DefinitionsHostUnknown", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind ActionStartsAll = new("ActionStartsAll", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind NewClientStartedEarly = new("NewClientStartedEarly", WaErrorCategory.InvalidOperation, Text);
}
