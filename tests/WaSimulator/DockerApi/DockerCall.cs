using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>One request to the engine, with the parts that its path pattern named.</summary>
internal sealed class DockerCall(HttpContext context, IReadOnlyDictionary<string, string> parts)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public HttpContext Context { get; } = context;

    public HttpResponse Response => Context.Response;

    public CancellationToken Aborted => Context.RequestAborted;

    public string Part(string name) => parts[name];

    public string? Query(string name) =>
        Context.Request.Query.TryGetValue(name, out var value) && value.Count > 0 ? value[^1] : null;

    /// <summary>As the engine reads booleans: anything but 0, no, false, none and nothing is true.</summary>
    public bool Flag(string name, bool missing = false) => Query(name) is { } text
        ? text.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none")
        : missing;

    public int? Number(string name) => Query(name) is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw DockerError.BadParameter($"strconv.Atoi: parsing \"{text}\": invalid syntax")
        : null;

    public TimeSpan Grace(TimeSpan usual) => Number("t") is { } seconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : usual;

    public async Task<JsonObject> ReadBodyAsync()
    {
        try
        {
            return await JsonNode.ParseAsync(Context.Request.Body, cancellationToken: Aborted) as JsonObject
                ?? throw DockerError.BadParameter("EOF");
        }
        catch (JsonException invalid)
        {
            throw DockerError.BadParameter(invalid.Message);
        }
    }

    public Task NoContentAsync(int status = 204)
    {
        Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async Task JsonAsync(JsonNode body, int status = 200)
    {
        Response.StatusCode = status;
        Response.ContentType = "application/json";
        var bytes = ToBytes(body);
        Response.ContentLength = bytes.Length;
        await Response.Body.WriteAsync(bytes, CancellationToken.None);
    }

    /// <summary>One object of a stream of objects, such as progress or events.</summary>
    public async Task StreamJsonAsync(JsonNode body)
    {
        if (!Response.HasStarted)
        {
            Response.ContentType = "application/json";
        }

        await Response.Body.WriteAsync(ToBytes(body), Aborted);
        await Response.Body.WriteAsync("\r\n"u8.ToArray(), Aborted);
        await Response.Body.FlushAsync(Aborted);
    }

    public async Task TextAsync(string text)
    {
        Response.ContentType = "text/plain; charset=utf-8";
        await Response.WriteAsync(text, Aborted);
    }

    private static byte[] ToBytes(JsonNode body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            body.WriteTo(writer);
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
