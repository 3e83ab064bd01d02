using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaMigration.Api;

/// <summary>
/// What an answer says went wrong, in any of the shapes that were seen: the list of errors, the Coreapp's old form,
/// a page of a proxy, plain text, nothing at all.
/// </summary>
internal sealed record ApiErrorEnvelope(int? Code, string Title, string Details)
{
    private const int TitleLength = 200;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Whether an answer with a good status says in its body that it failed.</summary>
    internal static bool IsIn(JsonNode? json) =>
        json is JsonObject body && (body["errors"] is JsonArray { Count: > 0 } or JsonObject { Count: > 0 } || body["error"] is JsonObject);

    internal static ApiErrorEnvelope From(int status, string body)
    {
        var answer = ApiAnswer.From(status, body);
        return FromJson(answer.Json) ?? FromText(status, answer.Json is null ? body : string.Empty);
    }

    /// <summary>As one clause for a message.</summary>
    internal string Describe(int status)
    {
        var code = Code is null ? string.Empty : Code.Value.ToString(CultureInfo.InvariantCulture) + " ";
        var details = Details.Length == 0 ? string.Empty : ": " + Details.TrimEnd('.');
        var http = status == 0 ? string.Empty : $" (HTTP {status.ToString(CultureInfo.InvariantCulture)})";
        return code + Title + details + http;
    }

    private static ApiErrorEnvelope? FromJson(JsonNode? json)
    {
        if (json is not JsonObject body)
        {
            return null;
        }

        if ((body["errors"] is JsonArray list ? list.Count > 0 ? list[0] : null : body["errors"]) is JsonObject error)
        {
            return new ApiErrorEnvelope(error.Number("code"), error.Text("title") ?? string.Empty, error.Text("details") ?? string.Empty);
        }

        return body["error"] switch
        {
            JsonObject old => new ApiErrorEnvelope(
                old.Number("errorcode") ?? old.Number("code"),
                old.Text("errortext") ?? old.Text("title") ?? old.Text("message") ?? string.Empty,
                old.Text("details") ?? string.Empty),
            JsonValue text => new ApiErrorEnvelope(null, text.Text() ?? string.Empty, string.Empty),
            _ => null,
        };
    }

    private static ApiErrorEnvelope FromText(int status, string body)
    {
        var text = body;
        if (Regex.IsMatch(body, @"<\s*(html|!doctype|head|body)", RegexOptions.IgnoreCase, MatchTimeout))
        {
            var title = Regex.Match(body, @"<title[^>]*>(.*?)</title>", RegexOptions.IgnoreCase | RegexOptions.Singleline, MatchTimeout);
            text = title.Success ? title.Groups[1].Value : Regex.Replace(body, "<[^>]*>", " ", RegexOptions.None, MatchTimeout);
        }

        text = Regex.Replace(WebUtility.HtmlDecode(text), @"\s+", " ", RegexOptions.None, MatchTimeout).Trim();
        if (text.Length == 0)
        {
            text = ((HttpStatusCode)status).ToString();
        }

        return new ApiErrorEnvelope(null, text.Shorten(TitleLength), string.Empty);
    }
}
