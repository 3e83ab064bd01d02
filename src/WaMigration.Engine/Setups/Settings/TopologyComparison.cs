using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration.Setups.Settings;

/// <summary>Compares what must be equal for a restore. What is not known is never equal.</summary>
internal static class TopologyComparison
{
    /// <summary>
    /// Reads it. A client whose health is not that of a single instance is no single one, though its nodes may not
    /// tell their roles: else its missing numbers would be taken for those of a single instance.
    /// </summary>
    internal static async Task<WaTopology> ReadAsync(WaSetup setup, IWaApi api, Operation operation)
    {
        var health = HealthAnswer.From(await api.GetHealthAsync(operation.Cancellation).ConfigureAwait(false));
        var read = await TopologyReader.ReadAsync(setup, operation).ConfigureAwait(false);
        return new WaTopology(
            read.Masters,
            read.Coreapps,
            read.Webapps,
            read.Shards,
            read.ClientVersion,
            read.DatabaseEngine,
            read.IsMulticonnect || !health.IsSingle,
            read.Nodes);
    }

    /// <summary>What could not be read, in words.</summary>
    internal static IReadOnlyList<string> Missing(WaTopology topology)
    {
        // A single instance has neither Masters to count nor shards to tell.
        List<string> missing = [];
        if (topology.Masters is null && topology.IsMulticonnect)
        {
            missing.Add(SettingsErrors.Phrase("UnknownMasters"));
        }

        if (topology.Coreapps is null && topology.IsMulticonnect)
        {
            missing.Add(SettingsErrors.Phrase("UnknownCoreapps"));
        }

        if (topology.Shards is null && topology.IsMulticonnect)
        {
            missing.Add(SettingsErrors.Phrase("UnknownShards"));
        }

        return missing;
    }

    /// <exception cref="WaException">TopologyUnknown or TopologyDiffers, naming which.</exception>
    internal static void Require(WaSettingsBackup backup, WaSetup destination, WaTopology actual, int? statedShards)
    {
        var isSingle = !backup.Topology.IsMulticonnect && !actual.IsMulticonnect;
        (string Name, int? Backup, int? Actual)[] numbers =
        [
            ("Masters", backup.Topology.Masters ?? (isSingle ? 0 : null), actual.Masters ?? (isSingle ? 0 : null)),
            ("Coreapps", backup.Topology.Coreapps ?? (isSingle ? 1 : null), actual.Coreapps ?? (isSingle ? 1 : null)),
            ("Shards", backup.Topology.Shards ?? (isSingle ? 1 : null), actual.Shards ?? statedShards ?? (isSingle ? 1 : null)),
        ];
        var differing = numbers
            .Where(number => number.Backup is not null && number.Actual is not null && number.Backup != number.Actual)
            .Select(number => SettingsErrors.Phrase(number.Name, number.Actual, number.Backup))
            .ToList();
        if (differing.Count > 0)
        {
            throw SettingsErrors.TopologyDiffers.Error(destination.Name, string.Join(", ", differing));
        }

        List<string> unknown =
        [
            .. numbers.Where(number => number.Actual is null).Select(number => SettingsErrors.Phrase("Unknown" + number.Name)),
            .. numbers.Where(number => number.Actual is not null && number.Backup is null)
                .Select(number => SettingsErrors.Phrase("InBackup", SettingsErrors.Phrase("Unknown" + number.Name))),
        ];
        if (unknown.Count > 0)
        {
            throw SettingsErrors.TopologyUnknown.Error(destination.Name, string.Join(", ", unknown));
        }
    }
}
