namespace WaMigration.Databases;

/// <summary>What can go wrong with a database server.</summary>
internal static class DatabaseErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Databases.DatabaseErrors");

    internal static readonly WaErrorKind DatabaseUnreachable = new("DatabaseUnreachable", WaErrorCategory.ConnectionError, Text);

    internal static readonly WaErrorKind DatabaseLoginRefused = new("DatabaseLoginRefused", WaErrorCategory.AuthenticationError, Text);

    internal static readonly WaErrorKind DatabaseReadFailed = new("DatabaseReadFailed", WaErrorCategory.InvalidOperation, Text);

    internal static readonly WaErrorKind DatabaseEngineNotSupported = new("DatabaseEngineNotSupported", WaErrorCategory.NotImplemented, Text);
}
