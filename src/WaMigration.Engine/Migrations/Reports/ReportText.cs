using System.Globalization;
using System.Text.RegularExpressions;

namespace WaMigration.Migrations.Reports;

/// <summary>The texts of reports, and how they write values: alike in every culture and time zone, since a report travels.</summary>
internal static class ReportText
{
    internal static readonly TextCatalog Catalog = new("WaMigration.Migrations.Reports.ReportText");

    /// <summary>What stands where nothing is known.</summary>
    internal const string None = "-";

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    internal static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? None;

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Count(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;

    internal static string Duration(TimeSpan? duration)
    {
        var text = duration?.ToString(@"d\.hh\:mm\:ss\.f", CultureInfo.InvariantCulture) ?? None;
        return text.StartsWith("0.", StringComparison.Ordinal) ? text.Substring(2) : text;
    }

    /// <summary>A value of an event; empty where it has none of that name.</summary>
    internal static string Value(this JournalEvent entry, string name) => entry.Values.TryGetValue(name, out var value) ? value : string.Empty;

    internal static string OrNone(string? value) => string.IsNullOrWhiteSpace(value) ? None : value!;

    /// <summary>A webhook's address may hold a secret in its user or its query; a report does not.</summary>
    internal static string WithoutSecretsOfAddresses(string text) => Regex.Replace(
        Regex.Replace(text, @"(https?://)[^\s'""/@]+@", "$1***@", RegexOptions.IgnoreCase, MatchTimeout),
        @"(https?://[^\s'""?]+)\?[^\s'""]+",
        "$1?***",
        RegexOptions.IgnoreCase,
        MatchTimeout);
}
