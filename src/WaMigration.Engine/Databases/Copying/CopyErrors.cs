namespace WaMigration.Databases.Copying;

/// <summary>What can go wrong with a copy of databases.</summary>
internal static class CopyErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.Copying.CopyErrors");

    internal static readonly WaErrorKind DatabaseConnectionLost = new("DatabaseConnectionLost", WaErrorCategory.ConnectionError, Text);

    internal static readonly WaErrorKind DatabaseNotFound = new("DatabaseNotFound", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind NoDatabasesFound = new("NoDatabasesFound", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind DatabasePrivilegeMissing = new("DatabasePrivilegeMissing", WaErrorCategory.PermissionDenied, Text);

    internal static readonly WaErrorKind CannotSeeEverything = new("CannotSeeEverything", WaErrorCategory.PermissionDenied, Text);

    internal static readonly WaErrorKind DatabaseVersionNotSupported = new("DatabaseVersionNotSupported", WaErrorCategory.NotImplemented, Text);

    internal static readonly WaErrorKind DatabaseEnginesDiffer = new("DatabaseEnginesDiffer", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind TargetVersionOlder = new("TargetVersionOlder", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind DatabaseObjectsNotCarried = new("DatabaseObjectsNotCarried", WaErrorCategory.NotImplemented, Text);

    internal static readonly WaErrorKind TargetLacksWhatIsNeeded = new("TargetLacksWhatIsNeeded", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind TargetDatabaseNotEmpty = new("TargetDatabaseNotEmpty", WaErrorCategory.ResourceExists, Text);

    internal static readonly WaErrorKind TargetDatabaseDiffers = new("TargetDatabaseDiffers", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind TargetObjectsDiffer = new("TargetObjectsDiffer", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind TargetIsSource = new("TargetIsSource", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind TargetInUse = new("TargetInUse", WaErrorCategory.ResourceBusy, Text);

    internal static readonly WaErrorKind ClientStillWriting = new("ClientStillWriting", WaErrorCategory.ResourceBusy, Text);

    internal static readonly WaErrorKind DatabaseCopyBusy = new("DatabaseCopyBusy", WaErrorCategory.ResourceBusy, Text);

    internal static readonly WaErrorKind LedgerOfAnotherRun = new("LedgerOfAnotherRun", WaErrorCategory.ResourceBusy, Text);

    internal static readonly WaErrorKind SourceObjectsChanged = new("SourceObjectsChanged", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind SourceChangedWhileCopying = new("SourceChangedWhileCopying", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind DatabaseStatementFailed = new("DatabaseStatementFailed", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind DatabaseDiskFull = new("DatabaseDiskFull", WaErrorCategory.WriteError, Text);

    internal static readonly WaErrorKind ObjectNotMade = new("ObjectNotMade", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind ObjectsNotReproduced = new("ObjectsNotReproduced", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind CannotSilenceTriggers = new("CannotSilenceTriggers", WaErrorCategory.PermissionDenied, Text);

    internal static readonly WaErrorKind DatabaseServerNotKnown = new("DatabaseServerNotKnown", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind ValueNotReproducible = new("ValueNotReproducible", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind RowsNotTaken = new("RowsNotTaken", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind DatabaseLockNotHad = new("DatabaseLockNotHad", WaErrorCategory.ResourceBusy, Text);

    internal static readonly WaErrorKind TargetPacketTooSmall = new("TargetPacketTooSmall", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind TargetRefusesPrograms = new("TargetRefusesPrograms", WaErrorCategory.PermissionDenied, Text);

    internal static readonly WaErrorKind TargetRequiresPrimaryKeys = new("TargetRequiresPrimaryKeys", WaErrorCategory.InvalidOperation, Text);
}
