namespace WaMigration.Databases.Utilities;

/// <summary>What can go wrong with the engines' own dump tools.</summary>
internal static class UtilityErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.Utilities.UtilityErrors");

    internal static readonly WaErrorKind UtilityMissing = new("UtilityMissing", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind UtilityFailed = new("UtilityFailed", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind UtilityLostData = new("UtilityLostData", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind UtilityCannot = new("UtilityCannot", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind ArchiveOfOtherMethod = new("ArchiveOfOtherMethod", WaErrorCategory.InvalidArgument, Text);
}
