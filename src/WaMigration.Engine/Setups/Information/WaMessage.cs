namespace WaMigration;

/// <summary>A message that a client's API took. Taken is not delivered: that, its webhook says.</summary>
/// <param name="Id">The client's id of the message, by which statuses name it.</param>
/// <param name="To">The receiver's number.</param>
/// <param name="Setup">The setup's name.</param>
/// <param name="AcceptedAt">When the API took it.</param>
public sealed record WaMessage(string Id, string To, string Setup, DateTimeOffset AcceptedAt);
