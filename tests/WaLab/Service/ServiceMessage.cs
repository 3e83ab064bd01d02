namespace WaLab.Service;

/// <summary>A message that the service took.</summary>
public sealed record ServiceMessage
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The client that sent it.</summary>
    public string Client { get; init; } = "";

    /// <summary>Whom it was sent to.</summary>
    public string Contact { get; init; } = "";

    /// <summary>Its text.</summary>
    public string? Text { get; init; }

    /// <summary>accepted, sent, delivered, read, failed.</summary>
    public string Status { get; init; } = "";

    /// <summary>Why it failed.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset At { get; init; }
}
