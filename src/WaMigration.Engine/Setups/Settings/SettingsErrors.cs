namespace WaMigration.Setups.Settings;

/// <summary>The errors of settings, their backup and their restore.</summary>
internal static class SettingsErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.Settings.SettingsErrors");

    internal static readonly WaErrorKind BackupExists = new("BackupExists", WaErrorCategory.ResourceExists, Text);
    internal static readonly WaErrorKind BackupMissing = new("BackupMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind BackupFolderMissing = new("BackupFolderMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind BackupPathIsFolder = new("BackupPathIsFolder", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind BackupNotRecognised = new("BackupNotRecognised", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind BackupFormatNewer = new("BackupFormatNewer", WaErrorCategory.NotImplemented, Text);
    internal static readonly WaErrorKind BackupDamaged = new("BackupDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind BackupNotVerified = new("BackupNotVerified", WaErrorCategory.WriteError, Text);
    internal static readonly WaErrorKind WrongBackupPassword = new("WrongBackupPassword", WaErrorCategory.AuthenticationError, Text);
    internal static readonly WaErrorKind BackupPasswordEmpty = new("BackupPasswordEmpty", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind BackupOfAnotherNumber = new("BackupOfAnotherNumber", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind ClientIsRegistered = new("ClientIsRegistered", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind ClientNotRegistered = new("ClientNotRegistered", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind ClientNotReady = new("ClientNotReady", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind TopologyUnknown = new("TopologyUnknown", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind TopologyDiffers = new("TopologyDiffers", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind RestoreRefused = new("RestoreRefused", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind SettingsNotUsable = new("SettingsNotUsable", WaErrorCategory.InvalidArgument, Text);

    internal static readonly WaErrorKind MediaProvidersNotUsable = new("MediaProvidersNotUsable", WaErrorCategory.InvalidData, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
