namespace WaLab.Service;

/// <summary>A node that is connected.</summary>
/// <param name="Client">All nodes of one set of databases.</param>
/// <param name="Node">hostname:container-id.</param>
/// <param name="Slot">A shard's number, or master.</param>
/// <param name="Since">Since when.</param>
public sealed record ServiceConnection(string Client, string Node, string Slot, DateTimeOffset Since);
