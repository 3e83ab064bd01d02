namespace WaMigration.Databases;

/// <summary>The stores that a client keeps, each in a database of its own: prefix, then the store's name.</summary>
internal static class ClientStores
{
    internal const string Web = "waweb";
    internal const string Callback = "callbackStore";
    internal const string Jobqueue = "jobqueueStore";

    internal static readonly IReadOnlyList<string> Names =
        [Web, "clusterStore", "messageStore", "axolotlStore", Callback, "configStore", "contactStore", Jobqueue];

    private static readonly string[] SystemDatabases = ["postgres", "template0", "template1", "information_schema", "mysql", "performance_schema", "sys"];

    /// <summary>
    /// What a database of that name is for a client with that prefix; null where it is none of its business. How the
    /// vendor capitalises the names was never confirmed, so case is not looked at.
    /// </summary>
    internal static ClientDatabase? Classify(string name, string prefix)
    {
        if (SystemDatabases.Contains(name, StringComparer.OrdinalIgnoreCase) || !name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = name.Substring(prefix.Length);
        return new ClientDatabase(name, Names.FirstOrDefault(store => store.Equals(rest, StringComparison.OrdinalIgnoreCase)));
    }
}
