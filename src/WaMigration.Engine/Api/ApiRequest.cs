namespace WaMigration.Api;

/// <summary>When a request may be sent again after a failure.</summary>
internal enum ApiRepeat
{
    /// <summary>Never by itself: a restore, whose second run would change the security code again.</summary>
    Never,

    /// <summary>Only where it surely was not taken (a message, a new user).</summary>
    IfNotTaken,

    /// <summary>A read, or a write that leaves the same state when it is done twice.</summary>
    Always,
}

/// <summary>One request to the client's API.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    private const string Json = "application/json";

    internal static readonly HttpMethod Patch = new("PATCH");

    internal string? Body { get; init; }

    internal string ContentType { get; init; } = Json;

    internal ApiRepeat Repeat { get; init; } = ApiRepeat.Always;

    /// <summary>At least this long, where the call is known to be slow.</summary>
    internal TimeSpan MinimumTimeout { get; init; }

    /// <summary>The monitoring key is enough for it.</summary>
    internal bool TakesApiKey { get; init; }

    /// <summary>What must not be shown, should an answer repeat it.</summary>
    internal IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>It is the login itself, whose refusals have meanings of their own.</summary>
    internal bool IsLogin { get; init; }

    /// <summary>Method and path for messages; holds no secret.</summary>
    public override string ToString() => $"{Method} {Path}";
}
