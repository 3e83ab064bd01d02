namespace WaMigration;

/// <summary>One value of a client's statistics.</summary>
/// <param name="Setup">The setup's name.</param>
/// <param name="Area">App or Db.</param>
/// <param name="Node">The node that tells it; empty for a single instance.</param>
/// <param name="Name">Name, e.g. db_pending_messages.</param>
/// <param name="Type">gauge, counter or histogram.</param>
/// <param name="Labels">What it is broken down by, as name=value.</param>
/// <param name="Value">The value; text for what is no number.</param>
/// <param name="Help">What the client says of it.</param>
public sealed record WaStatistic(string Setup, string Area, string Node, string Name, string Type, string Labels, object? Value, string Help);
