using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.Api;

/// <summary>One request with its body read.</summary>
internal sealed class ApiCall(HttpContext context, byte[] body)
{
    private JsonObject? json;

    public string Method => context.Request.Method;

    public string Path => context.Request.Path.Value ?? "/";

    public string Query => context.Request.QueryString.Value ?? "";

    public IQueryCollection Parameters => context.Request.Query;

    public IHeaderDictionary Headers => context.Request.Headers;

    public IPAddress Caller => context.Connection.RemoteIpAddress ?? IPAddress.None;

    public CancellationToken Aborted => context.RequestAborted;

    public byte[] Body { get; } = body;

    public JsonObject Json => json ??= ApiJson.Object(Body);

    /// <summary>Parts of the path that the route names in braces.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public static async Task<ApiCall> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return new ApiCall(context, buffer.ToArray());
    }
}
