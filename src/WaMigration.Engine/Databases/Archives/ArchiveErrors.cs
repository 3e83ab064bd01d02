namespace WaMigration.Databases.Archives;

/// <summary>What can go wrong with an archive of databases.</summary>
internal static class ArchiveErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.Archives.ArchiveErrors");

    internal static readonly WaErrorKind ArchiveNotComplete = new("ArchiveNotComplete", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind ArchiveNotRecognised = new("ArchiveNotRecognised", WaErrorCategory.ObjectNotFound, Text);

    internal static readonly WaErrorKind ArchiveDamaged = new("ArchiveDamaged", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind ArchiveFileMissing = new("ArchiveFileMissing", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind ArchiveHasExtraFile = new("ArchiveHasExtraFile", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind ArchiveFormatNewer = new("ArchiveFormatNewer", WaErrorCategory.NotImplemented, Text);

    internal static readonly WaErrorKind ArchivePasswordMissing = new("ArchivePasswordMissing", WaErrorCategory.AuthenticationError, Text);

    internal static readonly WaErrorKind ArchivePasswordWrong = new("ArchivePasswordWrong", WaErrorCategory.AuthenticationError, Text);

    internal static readonly WaErrorKind ArchiveFolderNotEmpty = new("ArchiveFolderNotEmpty", WaErrorCategory.ResourceExists, Text);

    internal static readonly WaErrorKind ArchiveWriteFailed = new("ArchiveWriteFailed", WaErrorCategory.WriteError, Text);

    internal static readonly WaErrorKind ArchiveBehindSource = new("ArchiveBehindSource", WaErrorCategory.InvalidData, Text);

    internal static readonly WaErrorKind ArchiveHasNoOwners = new("ArchiveHasNoOwners", WaErrorCategory.InvalidArgument, Text);
}
