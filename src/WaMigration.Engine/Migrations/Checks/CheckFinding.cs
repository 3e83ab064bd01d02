namespace WaMigration.Migrations.Checks;

/// <summary>What one check found.</summary>
internal sealed record CheckFinding(WaCheckStatus Status, string Detail, string Remedy)
{
    private static readonly TextCatalog Text = new("WaMigration.Migrations.Checks.CheckText");

    internal static CheckFinding Passed(string text, params object?[] args) => Make(WaCheckStatus.Passed, text, args);

    internal static CheckFinding Warning(string text, params object?[] args) => Make(WaCheckStatus.Warning, text, args);

    internal static CheckFinding Failed(string text, params object?[] args) => Make(WaCheckStatus.Failed, text, args);

    internal static CheckFinding Unknown(string text, params object?[] args) => Make(WaCheckStatus.Unknown, text, args);

    /// <summary>Something that had to be read for the check could not be.</summary>
    internal static CheckFinding NotReadable(WaException failure) => new(WaCheckStatus.Unknown, failure.Message, failure.Remedy);

    internal static string Phrase(string text, params object?[] args) => Text.Format(text, args);

    private static CheckFinding Make(WaCheckStatus status, string text, object?[] args) => new(
        status,
        Text.Format(text, args),
        status == WaCheckStatus.Passed ? string.Empty : Text.Format(text + "_Remedy", args));
}
