namespace WaMigration.Media;

/// <summary>What can go wrong with media and their archives.</summary>
internal static class MediaErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Media.MediaErrors");

    internal static readonly WaErrorKind MediaHostsMissing = new("MediaHostsMissing", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind MediaVolumeMissing = new("MediaVolumeMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind MediaVolumeUnclear = new("MediaVolumeUnclear", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind MediaImageMissing = new("MediaImageMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind MediaNoRoom = new("MediaNoRoom", WaErrorCategory.WriteError, Text);
    internal static readonly WaErrorKind MediaChanging = new("MediaChanging", WaErrorCategory.ResourceBusy, Text);
    internal static readonly WaErrorKind MediaNameWithTwoContents = new("MediaNameWithTwoContents", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MediaKindDiffers = new("MediaKindDiffers", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind MediaEntryNotCarried = new("MediaEntryNotCarried", WaErrorCategory.NotImplemented, Text);
    internal static readonly WaErrorKind MediaNotVerified = new("MediaNotVerified", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MediaArchiveNotComplete = new("MediaArchiveNotComplete", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind MediaArchiveNotRecognised = new("MediaArchiveNotRecognised", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MediaArchiveFormatNewer = new("MediaArchiveFormatNewer", WaErrorCategory.NotImplemented, Text);
    internal static readonly WaErrorKind MediaArchiveDamaged = new("MediaArchiveDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind MediaArchiveFolderNotEmpty = new("MediaArchiveFolderNotEmpty", WaErrorCategory.ResourceExists, Text);
    internal static readonly WaErrorKind MediaArchivePasswordMissing = new("MediaArchivePasswordMissing", WaErrorCategory.AuthenticationError, Text);
    internal static readonly WaErrorKind MediaArchivePasswordWrong = new("MediaArchivePasswordWrong", WaErrorCategory.AuthenticationError, Text);
    internal static readonly WaErrorKind MediaArchiveWriteFailed = new("MediaArchiveWriteFailed", WaErrorCategory.WriteError, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
