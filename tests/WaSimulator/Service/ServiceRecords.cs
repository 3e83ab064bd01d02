using System.Text.Json.Nodes;

namespace WaSimulator.Service;

/// <summary>A message that the service took from a client.</summary>
internal sealed class SentMessage
{
    public required string Id { get; init; }

    public required string Number { get; init; }

    public required string Client { get; init; }

    public required string Node { get; init; }

    public required string Contact { get; init; }

    public required string Type { get; init; }

    public string? Text { get; init; }

    public required DateTimeOffset At { get; init; }

    public string Status { get; set; } = "accepted";

    public int? ErrorCode { get; set; }
}

/// <summary>A message seen twice: the same id, or the same token in its text.</summary>
/// <param name="Kind">"id" or "token".</param>
/// <param name="Value">The id or token.</param>
/// <param name="FirstClient">Who sent it first.</param>
/// <param name="SecondClient">Who sent it again.</param>
/// <param name="At">When it was seen again.</param>
internal sealed record DuplicateMessage(string Kind, string Value, string FirstClient, string SecondClient, DateTimeOffset At);

/// <summary>A status or inbound message on its way to the client.</summary>
internal sealed record PendingEvent(long Sequence, string Contact, JsonObject Payload);

/// <summary>A person on WhatsApp.</summary>
internal sealed record Contact(string Id)
{
    public string Name { get; init; } = "";

    /// <summary>The phone is on: messages are delivered.</summary>
    public bool Delivers { get; init; } = true;

    public bool Reads { get; init; } = true;

    /// <summary>Answers every delivered message with this text.</summary>
    public string? Reply { get; init; }
}
