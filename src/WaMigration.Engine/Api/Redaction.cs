using System.Text.RegularExpressions;

namespace WaMigration.Api;

/// <summary>Takes secrets out of what is shown as evidence: those that are known, and what looks like one.</summary>
internal static class Redaction
{
    internal const string Mark = "***";
    private const int ShortestSecret = 4;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    internal static string Remove(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length >= ShortestSecret).OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Mark);
        }

        // A token is a JWT; passwords, pins, keys and backup data travel under these names.
        text = Regex.Replace(text, @"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*", Mark, RegexOptions.None, MatchTimeout);
        text = Regex.Replace(
            text,
            @"(""(?:password|new_password|pin|token|data|key|secret)""\s*:\s*)""(?:[^""\\]|\\.)*""",
            "$1\"" + Mark + "\"",
            RegexOptions.IgnoreCase,
            MatchTimeout);
        text = Regex.Replace(
            text,
            @"((?:authorization\s*:\s*(?:bearer|basic|apikey)\s+)|(?:\b\w*(?:password|passwd|secret|crypto_key|api_key)\w*\s*[=:]\s*))[^\s,;""]+",
            "$1" + Mark,
            RegexOptions.IgnoreCase,
            MatchTimeout);
        return text;
    }

    /// <summary>A body as evidence: without secrets, on few lines, short.</summary>
    internal static IReadOnlyList<string> Evidence(string body, IEnumerable<string> secrets, int length = 500)
    {
        var text = Regex.Replace(body, @"\s+", " ", RegexOptions.None, MatchTimeout).Trim();
        if (text.Length == 0)
        {
            return [];
        }

        return [Remove(text, secrets).Shorten(length)];
    }
}
