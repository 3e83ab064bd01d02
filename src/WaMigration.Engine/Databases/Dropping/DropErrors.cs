namespace WaMigration.Databases.Dropping;

/// <summary>Why old databases stay.</summary>
internal static class DropErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.Dropping.DropErrors");

    internal static readonly WaErrorKind RetentionNotOver = new("RetentionNotOver", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind HealthNotProved = new("HealthNotProved", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind DeliveryNotProved = new("DeliveryNotProved", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind DatabaseInUseByDestination = new("DatabaseInUseByDestination", WaErrorCategory.SecurityError, Text);

    internal static readonly WaErrorKind DatabaseNotOfSetup = new("DatabaseNotOfSetup", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind DatabaseHasSessions = new("DatabaseHasSessions", WaErrorCategory.ResourceBusy, Text);
}
