namespace WaSimulator.Nodes;

/// <summary>What the node's connection to the service should be.</summary>
internal abstract record ConnectionGoal
{
    private ConnectionGoal()
    {
    }

    /// <summary>No connection: a secondary Master, a spare Coreapp.</summary>
    public sealed record None : ConnectionGoal;

    /// <summary>An unregistered client that says it is there.</summary>
    public sealed record Lobby(string Client, IReadOnlyList<string> Nodes, int Shards) : ConnectionGoal
    {
        // A list compares by reference in a record; the goal must not look new on every tick.
        public bool Equals(Lobby? other) =>
            other is not null && Client == other.Client && Shards == other.Shards && Nodes.SequenceEqual(other.Nodes);

        public override int GetHashCode() => HashCode.Combine(Client, Shards, Nodes.Count);
    }

    /// <summary>A connection as the owner of a slot.</summary>
    public sealed record Connect(string Client, string Slot, Registration Registration, string IdentityKey) : ConnectionGoal;
}
