using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaSimulator.Api;

/// <summary>A complete answer of the API: status, content type and bytes.</summary>
internal sealed record ApiAnswer(int Status, string? ContentType, byte[] Body)
{
    private const string JsonType = "application/json";

    /// <summary>The object with "meta" added.</summary>
    public static ApiAnswer Ok(string version, JsonObject content, int status = 200)
    {
        content["meta"] = Meta(version);
        return Json(status, content);
    }

    public static ApiAnswer MetaOnly(string version, int status = 200) => Ok(version, [], status);

    public static ApiAnswer Json(int status, JsonNode? content) =>
        new(status, JsonType, Encoding.UTF8.GetBytes(content?.ToJsonString(ApiJson.Options) ?? "null"));

    public static ApiAnswer Text(int status, string type, string content) =>
        new(status, type, Encoding.UTF8.GetBytes(content));

    public static ApiAnswer Empty(int status) => new(status, null, []);

    public static ApiAnswer Error(string version, ApiException problem)
    {
        return Json(problem.Http, new JsonObject
        {
            ["meta"] = Meta(version),
            ["errors"] = new JsonArray(ErrorObject(problem.Code, problem.Details)),
        });
    }

    public static JsonObject ErrorObject(int code, string? details)
    {
        var error = new JsonObject { ["code"] = code, ["title"] = ApiErrors.Title(code) };
        if (details is not null)
        {
            error["details"] = details;
        }

        return error;
    }

    public static JsonObject Meta(string version) => new() { ["version"] = "v" + version, ["api_status"] = "stable" };

    /// <summary>
    /// What a write without a result answers: the real client was seen with null, an empty object, nothing at all,
    /// and meta alone.
    /// </summary>
    public static ApiAnswer Write(string shape, string version) => shape switch
    {
        "null" => Json(200, null),
        "object" => Json(200, new JsonObject()),
        "empty" => Empty(200),
        "meta" => MetaOnly(version),
        _ => throw new JsonException($"WA_SIM_WRITE_ANSWER: {shape} is none of null, object, empty, meta, cycle."),
    };
}
