using WaMigration.Databases.Copying;
using WaMigration.Databases.Utilities;

namespace WaMigration.Databases.Archives;

/// <summary>Imports an archive, or compares it with a server. All of it is proved before the server is touched.</summary>
internal static class ArchiveImporter
{
    internal static async Task ImportAsync(string path, string? password, WaDatabaseServer target, CopyOptions options, Action<WaTableCopy> output, Operation operation)
    {
        var (sources, manifest, excluded) = await OpenAsync(path, password, options, operation).ConfigureAwait(false);
        var server = CopyServers.Of(target);
        var facts = await server.FactsAsync(operation).ConfigureAwait(false);
        var pairs = sources.Select(source => new DatabasePair(source, CopyPreparation.TargetName(source.Model.Name, manifest.NamePrefix, target.NamePrefix))).ToList();
        if (options.Method is { } asked && asked != manifest.Method)
        {
            throw UtilityErrors.ArchiveOfOtherMethod.Error(path, manifest.Method, asked);
        }

        if (manifest.Method == WaCopyMethod.Utility)
        {
            var byTools = options with { Method = WaCopyMethod.Utility };
            var restoring = await EngineUtilities.OfAsync(target, facts, byTools, operation).ConfigureAwait(false);
            await new UtilityCopier(server, facts, restoring, byTools, operation).RunAsync(pairs, manifest.Tool ?? string.Empty, (pair, write) => ((ArchiveSource)pair.Source).ReadDumpAsync(write, operation.Cancellation), output).ConfigureAwait(false);
            return;
        }

        await new DatabaseCopier(server, facts, options with { ExcludeTables = [.. options.ExcludeTables.Union(excluded)] }, operation).RunAsync(pairs, output).ConfigureAwait(false);
    }

    internal static async Task CompareAsync(string path, string? password, WaDatabaseServer target, CopyOptions options, Action<WaTableComparison> output, Operation operation)
    {
        var (sources, manifest, excluded) = await OpenAsync(path, password, options, operation).ConfigureAwait(false);
        foreach (var source in sources)
        {
            await DatabaseComparer.RunAsync(source, manifest.NamePrefix, target, options with { ExcludeTables = [.. options.ExcludeTables.Union(excluded)] }, output, operation).ConfigureAwait(false);
        }
    }

    /// <summary>Somebody may have started the old client since its databases were exported: then the archive is not what they are.</summary>
    /// <exception cref="WaException">ArchiveBehindSource.</exception>
    internal static async Task RequireCurrentAsync(string path, string? password, WaDatabaseServer source, CopyOptions options, Operation operation)
    {
        var behind = new List<string>();
        await CompareAsync(
            path,
            password,
            source,
            options,
            table =>
            {
                if (!table.IsEqual)
                {
                    lock (behind)
                    {
                        behind.Add(table.Database + " " + table.Name);
                    }
                }
            },
            operation).ConfigureAwait(false);
        if (behind.Count > 0)
        {
            throw ArchiveErrors.ArchiveBehindSource.Error(path, source, string.Join(", ", behind.OrderBy(name => name, StringComparer.Ordinal)));
        }
    }

    private static async Task<(IReadOnlyList<ICopySource> Sources, ArchiveManifest Manifest, IReadOnlyList<string> Excluded)> OpenAsync(string path, string? password, CopyOptions options, Operation operation)
    {
        var (folder, manifest) = await ArchiveReader.OpenAsync(path, password, operation).ConfigureAwait(false);
        var missing = options.Databases.Where(name => manifest.Databases.All(database => database.Model.Name != name)).ToList();
        if (missing.Count > 0)
        {
            throw CopyErrors.DatabaseNotFound.Error(path, missing[0]);
        }

        var chosen = manifest.Databases
            .Where(database => options.Databases.Count == 0 || options.Databases.Contains(database.Model.Name))
            .Where(database => !options.ExcludeWaweb || ClientStores.Classify(database.Model.Name, manifest.NamePrefix)?.Store != "waweb")
            .ToList();
        if (options.IncludeOwner && chosen.Any(database => !database.Model.HasOwners()))
        {
            throw ArchiveErrors.ArchiveHasNoOwners.Error(path);
        }

        return ([.. chosen.Select(database => (ICopySource)new ArchiveSource(folder, manifest, database))], manifest, [.. chosen.SelectMany(database => database.Excluded).Distinct()]);
    }
}
