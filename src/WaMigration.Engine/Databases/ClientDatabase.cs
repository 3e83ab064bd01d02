namespace WaMigration.Databases;

/// <summary>One database of a client, as its name tells it.</summary>
/// <param name="Name">The name on the server.</param>
/// <param name="Store">The store that it holds, e.g. messageStore; null where it only has the prefix (Unclassified).</param>
internal sealed record ClientDatabase(string Name, string? Store)
{
    /// <summary>It begins like the client's databases and is none that is known: never exported or dropped unless named.</summary>
    internal bool IsUnclassified => Store is null;
}
