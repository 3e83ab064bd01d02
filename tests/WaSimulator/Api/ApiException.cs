namespace WaSimulator.Api;

/// <summary>A request that the client refuses; becomes the error envelope.</summary>
internal sealed class ApiException(int code, string? details = null, int? http = null)
    : Exception($"{code} {ApiErrors.Title(code)}: {details}")
{
    public int Code { get; } = code;

    public string? Details { get; } = details;

    public int Http { get; } = http ?? ApiErrors.Http(code);
}
