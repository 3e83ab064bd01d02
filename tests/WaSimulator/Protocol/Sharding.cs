namespace WaSimulator.Protocol;

/// <summary>Which shard serves a contact: hash(id) % shards, the same on client and service.</summary>
internal static class Sharding
{
    public static int Of(string contact, int shards)
    {
        var hash = 2166136261u;
        foreach (var character in contact)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash % (uint)shards);
    }

    public static string Slot(int shard) => $"shard-{shard}";
}
