using WaMigration.Containers;

namespace WaMigration.Migrations.Checks;

/// <summary>The shapes of both sides. A migration between different ones fails, so what cannot be read is Unknown.</summary>
internal static class TopologyChecks
{
    /// <summary>Everything that will have to be equal can be read of the old side.</summary>
    internal static async Task<CheckFinding?> SourceReadableAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var topology = await context.SourceTopologyAsync().ConfigureAwait(false);
        List<string> missing = [];
        AddMissing(missing, "Masters", topology.Masters);
        AddMissing(missing, "Coreapps", topology.Coreapps);
        AddMissing(missing, "Shards", topology.Shards);
        if (topology.ClientVersion is null)
        {
            missing.Add(CheckFinding.Phrase("ClientVersion"));
        }

        return missing.Count > 0
            ? CheckFinding.Unknown("SourceUnreadable", source.Name, string.Join(", ", missing))
            : CheckFinding.Passed("SourceReadable", source.Name, topology.Masters, topology.Coreapps, topology.Shards, topology.ClientVersion);
    }

    internal static Task<CheckFinding?> MastersAsync(CheckContext context) => CompareAsync(context, "Masters", topology => topology.Masters);

    internal static Task<CheckFinding?> CoreappsAsync(CheckContext context) => CompareAsync(context, "Coreapps", topology => topology.Coreapps);

    internal static async Task<CheckFinding?> ShardsAsync(CheckContext context)
    {
        var finding = await CompareAsync(context, "Shards", topology => topology.Shards).ConfigureAwait(false);
        if (finding is not { Status: WaCheckStatus.Unknown } || context.StatedShards is not { } stated)
        {
            return finding;
        }

        var (old, actual) = await BothAsync(context).ConfigureAwait(false);
        return actual?.Shards is not null || old?.Shards is null ? finding
            : old.Shards == stated ? CheckFinding.Warning("ShardsStated", stated)
            : CheckFinding.Failed("NumberDiffers", CheckFinding.Phrase("Shards"), old.Shards, stated);
    }

    /// <summary>Equal, or newer with a warning; older fails.</summary>
    internal static async Task<CheckFinding?> VersionAsync(CheckContext context)
    {
        if (context.DestinationComesLater)
        {
            return null;
        }

        var (old, actual) = await BothAsync(context).ConfigureAwait(false);
        if (!Version.TryParse(old?.ClientVersion, out var oldVersion) || !Version.TryParse(actual?.ClientVersion, out var newVersion))
        {
            return CheckFinding.Unknown("VersionUnknown", Said(old?.ClientVersion), Said(actual?.ClientVersion));
        }

        return newVersion.CompareTo(oldVersion) switch
        {
            0 => CheckFinding.Passed("VersionEqual", actual!.ClientVersion),
            > 0 => CheckFinding.Warning("VersionNewer", old!.ClientVersion, actual!.ClientVersion),
            _ => CheckFinding.Failed("VersionOlder", old!.ClientVersion, actual!.ClientVersion),
        };
    }

    /// <summary>
    /// The new client's containers, made beforehand and not started, are as many and of the same version as the old one's.
    /// Its databases come from the old client, so that a newer version would change them on its first start.
    /// </summary>
    internal static async Task<CheckFinding?> PlannedAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || context.DestinationComesLater || context.State?.CopyMayHaveServed == true)
        {
            return null;
        }

        var old = await context.ExpectedTopologyAsync().ConfigureAwait(false);
        var planned = await TopologyReader.ReadAsync(destination, context.Operation).ConfigureAwait(false);
        if (planned.Nodes.Count == 0)
        {
            return CheckFinding.Warning("NothingPlanned", destination.Name);
        }

        if (old is not { Masters: not null, Coreapps: not null, ClientVersion: not null })
        {
            return CheckFinding.Unknown("SourceUnreadable", context.Source?.Name, string.Join(", ", CheckFinding.Phrase("Masters"), CheckFinding.Phrase("Coreapps"), CheckFinding.Phrase("ClientVersion")));
        }

        return planned.Masters != old.Masters ? CheckFinding.Failed("NumberDiffers", CheckFinding.Phrase("Masters"), old.Masters, planned.Masters)
            : planned.Coreapps != old.Coreapps ? CheckFinding.Failed("NumberDiffers", CheckFinding.Phrase("Coreapps"), old.Coreapps, planned.Coreapps)
            : planned.ClientVersion != old.ClientVersion ? CheckFinding.Failed("VersionDiffers", old.ClientVersion, planned.ClientVersion)
            : CheckFinding.Passed("PlannedAlike", destination.Name, planned.Masters, planned.Coreapps, planned.ClientVersion);
    }

    private static async Task<CheckFinding?> CompareAsync(CheckContext context, string name, Func<TopologyRecord, int?> number)
    {
        if (context.DestinationComesLater)
        {
            return null;
        }

        var (old, actual) = await BothAsync(context).ConfigureAwait(false);
        var oldNumber = old is null ? null : number(old);
        var newNumber = actual is null ? null : number(actual);
        if (oldNumber is null || newNumber is null)
        {
            return CheckFinding.Unknown("NumberUnknown", CheckFinding.Phrase(name), Said(oldNumber), Said(newNumber));
        }

        return oldNumber == newNumber
            ? CheckFinding.Passed("NumberEqual", CheckFinding.Phrase(name), oldNumber)
            : CheckFinding.Failed("NumberDiffers", CheckFinding.Phrase(name), oldNumber, newNumber);
    }

    private static async Task<(TopologyRecord? Old, TopologyRecord? New)> BothAsync(CheckContext context) =>
        (await context.ExpectedTopologyAsync().ConfigureAwait(false), await context.ActualTopologyAsync().ConfigureAwait(false));

    private static string Said(object? value) => value?.ToString() ?? CheckFinding.Phrase("NotReadable");

    private static void AddMissing(List<string> missing, string name, int? value)
    {
        if (value is null)
        {
            missing.Add(CheckFinding.Phrase(name));
        }
    }
}
