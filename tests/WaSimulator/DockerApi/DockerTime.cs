using System.Globalization;

namespace WaSimulator.DockerApi;

/// <summary>Times as the engine writes them.</summary>
internal static class DockerTime
{
    /// <summary>Stands for "never" in a container's state.</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset? time) => time is { } known
        ? known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture)
        : Never;

    /// <summary>Seconds since 1970, with a fraction or not, or an RFC 3339 time, as the since and until parameters are.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "0")
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw DockerError.BadParameter($"failed to parse value as time or duration: \"{text}\"");
    }

    /// <summary>"3 seconds", "About a minute", … as in <c>docker ps</c>.</summary>
    public static string Describe(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalSeconds: < 60 } => Count(span.TotalSeconds, "seconds"),
        { TotalMinutes: < 2 } => "About a minute",
        { TotalMinutes: < 60 } => Count(span.TotalMinutes, "minutes"),
        { TotalHours: < 2 } => "About an hour",
        { TotalHours: < 48 } => Count(span.TotalHours, "hours"),
        { TotalDays: < 14 } => Count(span.TotalDays, "days"),
        _ => Count(span.TotalDays / 7, "weeks"),
    };

    private static string Count(double number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)number} {unit}");
}
