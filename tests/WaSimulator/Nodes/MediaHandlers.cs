using System.Text.Json.Nodes;
using WaSimulator.Api;

namespace WaSimulator.Nodes;

/// <summary>Uploaded and received media by id. An id is good only where both are there: its row and its file.</summary>
internal sealed class MediaHandlers(CoreContext core, NodeApi api)
{
    private static readonly string[] Kinds = ["image", "video", "audio", "voice", "sticker", "document"];

    /// <summary>The largest of the vendor's limits: documents of 100 MB.</summary>
    private const int Largest = 100 * 1024 * 1024;

    public void Map()
    {
        api.WhenReady("POST", "/v1/media", UploadAsync);
        api.WhenReady("GET", "/v1/media/{id}", DownloadAsync);
        api.WhenReady("DELETE", "/v1/media/{id}", DeleteAsync);
    }

    public static bool IsKind(string type) => Kinds.Contains(type);

    /// <summary>The part of a message that names media; its id must be good here.</summary>
    public static async Task<JsonObject> PayloadAsync(CoreContext core, string type, JsonObject body, CancellationToken cancellationToken)
    {
        if (body[type] is not JsonObject part)
        {
            throw new ApiException(ApiErrors.ParameterMissing, $"Missing mandatory parameter '{type}'");
        }

        var id = ApiJson.Optional(part, "id");
        if (id is null && ApiJson.Optional(part, "link") is null)
        {
            throw new ApiException(ApiErrors.ParameterMissing, $"Missing mandatory parameter '{type}.id'");
        }

        if (id is not null && (await core.Media.FindAsync(id, cancellationToken) is not { } row || !core.Files.Exists(row.Path)))
        {
            throw NotThere(id);
        }

        return new JsonObject { ["type"] = type, [type] = part.DeepClone() };
    }

    private static ApiException NotThere(string id) => new(ApiErrors.NotFound, $"Media '{id}' not found");

    private async Task<ApiAnswer> UploadAsync(ApiCall call)
    {
        var type = (string?)call.Headers.ContentType;
        if (string.IsNullOrEmpty(type) || !type.Contains('/', StringComparison.Ordinal) || type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "The header Content-Type must be the media's own");
        }

        if (call.Body.Length is 0 or > Largest)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, $"Media of {call.Body.Length} bytes is not supported");
        }

        var id = Guid.NewGuid().ToString();
        var path = MediaFiles.PathOf(id, inbound: false);
        await core.Files.WriteAsync(path, call.Body, call.Aborted);
        await core.Media.AddAsync(id, null, path, type, call.Body.Length, call.Aborted);
        return api.Ok(new JsonObject { ["media"] = new JsonArray(new JsonObject { ["id"] = id }) }, 201);
    }

    private async Task<ApiAnswer> DownloadAsync(ApiCall call)
    {
        var id = call.Values["id"];
        return await core.Media.FindAsync(id, call.Aborted) is { } row && await core.Files.ReadAsync(row.Path, call.Aborted) is { } content
            ? new ApiAnswer(200, row.MimeType, content)
            : throw NotThere(id);
    }

    private async Task<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var id = call.Values["id"];
        if (await core.Media.FindAsync(id, call.Aborted) is not { } row)
        {
            throw NotThere(id);
        }

        await core.Media.RemoveAsync(id, call.Aborted);
        core.Files.Delete(row.Path);
        return api.Written();
    }
}
