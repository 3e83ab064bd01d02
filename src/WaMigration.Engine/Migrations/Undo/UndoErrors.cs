namespace WaMigration.Migrations.Undo;

/// <summary>What stands in the way of undoing a migration, or of going on with one that is undone.</summary>
internal static class UndoErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Migrations.Undo.UndoErrors");

    internal static readonly WaErrorKind MigrationIsUndone = new("MigrationIsUndone", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind UndoIsUnderWay = new("UndoIsUnderWay", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind UndoDecisionNeeded = new("UndoDecisionNeeded", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind UndoOneSided = new("UndoOneSided", WaErrorCategory.NotImplemented, Text);
    internal static readonly WaErrorKind OldDatabasesGone = new("OldDatabasesGone", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind OldDatabasesNotSeen = new("OldDatabasesNotSeen", WaErrorCategory.InvalidOperation, Text);
}
