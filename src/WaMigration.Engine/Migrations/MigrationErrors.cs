namespace WaMigration.Migrations;

/// <summary>The errors of a migration's folder, record and steps.</summary>
internal static class MigrationErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Migrations.MigrationErrors");

    internal static readonly WaErrorKind MigrationIsRunning = new("MigrationIsRunning", WaErrorCategory.ResourceBusy, Text);
    internal static readonly WaErrorKind MigrationFolderOfAnother = new("MigrationFolderOfAnother", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind MigrationFolderForeign = new("MigrationFolderForeign", WaErrorCategory.ResourceExists, Text);
    internal static readonly WaErrorKind MigrationNotFound = new("MigrationNotFound", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind MigrationRecordDamaged = new("MigrationRecordDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MigrationJournalDamaged = new("MigrationJournalDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MigrationFormatNewer = new("MigrationFormatNewer", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MigrationNotOpen = new("MigrationNotOpen", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind SetupNeeded = new("SetupNeeded", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind SetupsHaveSameName = new("SetupsHaveSameName", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind SecretNeeded = new("SecretNeeded", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind SideNotOfOption = new("SideNotOfOption", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind StepOutOfOrder = new("StepOutOfOrder", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind StepUnknown = new("StepUnknown", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind StepsNotDone = new("StepsNotDone", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind ChecksFailed = new("ChecksFailed", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind HandOverPathNeeded = new("HandOverPathNeeded", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind HandOverMissing = new("HandOverMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind HandOverDamaged = new("HandOverDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind HandOverOfAnother = new("HandOverOfAnother", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind RunbookNotFound = new("RunbookNotFound", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind RunbookExists = new("RunbookExists", WaErrorCategory.ResourceExists, Text);
}
