using System.Diagnostics;
using System.Text;
using System.Text.Json;
using WaMigration.Databases.Copying;
using WaMigration.Databases.Utilities;
using WaMigration.Security;

namespace WaMigration.Databases.Archives;

/// <summary>
/// Exports databases into a folder that a database administrator can read without this module. A chunk counts once its
/// file is on disk and its line in progress.jsonl; the manifest comes last. An export that was cut goes on: a chunk whose
/// digest is still that of the source is kept.
/// </summary>
internal sealed class ArchiveExporter(ArchiveFolder folder, int level, CopyOptions options, Operation operation)
{
    private readonly object gate = new();
    private readonly ArchiveProgress written = ArchiveProgress.Open(folder);
    private readonly List<ArchiveFile> files = [];

    internal static async Task<WaDatabaseArchive?> RunAsync(WaDatabaseServer server, string path, string? password, int level, CopyOptions options, Operation operation)
    {
        var from = CopyServers.Of(server);
        var facts = await from.FactsAsync(operation).ConfigureAwait(false);
        var databases = await CopyPreparation.ChooseAsync(server, options, operation).ConfigureAwait(false);
        var cipher = RequireUsable(path, password, options.Method == WaCopyMethod.Utility);
        var sources = await CopyPreparation.OpenSourcesAsync(from, facts, databases, options, operation).ConfigureAwait(false);
        try
        {
            var dumping = options.Method == WaCopyMethod.Utility ? await EngineUtilities.OfAsync(server, facts, options, operation).ConfigureAwait(false) : null;
            if (operation.PlanOnly)
            {
                foreach (var source in sources)
                {
                    operation.Console.WhatIf(path, DatabaseText.Catalog.Format(dumping is null ? "PlanExport" : "PlanUtilityExport", facts.Address + "/" + source.Model.Name, source.Model.Tables.Count, (source.Model.Tables.Sum(table => table.Bytes) / 1e6).ToString("F1", System.Globalization.CultureInfo.CurrentCulture), dumping?.Dumper.Name));
                }

                return null;
            }

            PrivateFiles.CreateFolder(path);
            var folder = new ArchiveFolder(path, cipher ?? (password is null ? null : ArchiveCipher.Create(password)));
            var exporter = new ArchiveExporter(folder, level, options, operation);
            return await (dumping is null ? exporter.RunAsync(sources, facts, server.NamePrefix) : exporter.DumpAsync(dumping, sources, facts, server.NamePrefix)).ConfigureAwait(false);
        }
        finally
        {
            sources.ToList().ForEach(source => source.Dispose());
        }
    }

    /// <summary>The folder is new, empty, or holds an export that was cut; of that one the key is gone on with.</summary>
    private static ArchiveCipher? RequireUsable(string path, string? password, bool isDump)
    {
        if (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
        {
            return null;
        }

        var progress = Path.Combine(path, ArchiveFolder.ProgressName);
        if (!File.Exists(progress) || File.Exists(Path.Combine(path, ArchiveFolder.ManifestName)) || File.Exists(Path.Combine(path, ArchiveFolder.ManifestName + ArchiveFolder.EncryptedSuffix)))
        {
            throw ArchiveErrors.ArchiveFolderNotEmpty.Error(path);
        }

        if (isDump)
        {
            UtilityExporter.RequireAlone(path);
        }
        else if (Directory.EnumerateFiles(path, "dump.zst*", SearchOption.AllDirectories).Any())
        {
            throw ArchiveErrors.ArchiveFolderNotEmpty.Error(path);
        }

        var first = Directory.EnumerateFiles(path, "*" + ArchiveFolder.EncryptedSuffix, SearchOption.AllDirectories).FirstOrDefault();
        if (password is null)
        {
            return first is null ? null : throw ArchiveErrors.ArchivePasswordMissing.Error(path);
        }

        if (first is null)
        {
            return Directory.EnumerateFiles(path, "*.zst", SearchOption.AllDirectories).Any() ? throw ArchiveErrors.ArchiveFolderNotEmpty.Error(path) : null;
        }

        return ArchiveReader.Key(first, password) ?? throw ArchiveErrors.ArchivePasswordWrong.Error(path);
    }

    private async Task<WaDatabaseArchive> RunAsync(IReadOnlyList<ICopySource> sources, ServerFacts facts, string prefix)
    {
        var watch = Stopwatch.StartNew();
        var tables = new List<WaTableCopy>();
        var databases = new List<ArchiveDatabase>();
        var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("ExportActivity", folder.Root), sources.SelectMany(source => source.Model.Tables).Where(table => !options.Excludes(table)).Sum(table => table.Bytes));
        try
        {
            using var pool = new CopyPool(options.ThrottleLimit);
            var chunks = new Dictionary<string, ArchiveChunk?[]>(StringComparer.Ordinal);
            foreach (var (source, place) in sources.Select((source, place) => (source, place)))
            {
                Enqueue(pool, source, "d" + (place + 1).ToString("D2", System.Globalization.CultureInfo.InvariantCulture), chunks, progress);
            }

            await pool.RunAsync(operation.Cancellation).ConfigureAwait(false);
            foreach (var (source, place) in sources.Select((source, place) => (source, place)))
            {
                databases.Add(await DatabaseAsync(source, "d" + (place + 1).ToString("D2", System.Globalization.CultureInfo.InvariantCulture), chunks, tables).ConfigureAwait(false));
            }
        }
        finally
        {
            progress.End();
        }

        await WriteManifestAsync(facts, prefix, CopyPreparation.IsOneMoment(sources) ? sources[0].Cut : null, databases).ConfigureAwait(false);
        return ArchiveReader.Describe(folder.Root, new ArchiveContent(databases, files, prefix, facts), tables, watch.Elapsed, folder.Cipher is not null);
    }

    /// <summary>By the engine's own tool, one database after the other. What an interrupted run left is written again.</summary>
    private async Task<WaDatabaseArchive> DumpAsync(IUtility dumping, IReadOnlyList<ICopySource> sources, ServerFacts facts, string prefix)
    {
        var watch = Stopwatch.StartNew();
        var tables = new List<WaTableCopy>();
        var databases = new List<ArchiveDatabase>();
        var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("ExportActivity", folder.Root), sources.SelectMany(source => source.Model.Tables).Sum(table => table.Bytes));
        try
        {
            foreach (var source in sources)
            {
                var number = (databases.Count + 1).ToString("D2", System.Globalization.CultureInfo.InvariantCulture);
                var (database, file, copied) = await new UtilityExporter(folder, level, dumping, operation).RunAsync(source, "d" + number, progress).ConfigureAwait(false);
                databases.Add(database);
                Enter(file);
                tables.AddRange(copied);
            }
        }
        finally
        {
            progress.End();
        }

        await WriteManifestAsync(facts, prefix, null, databases, dumping.Dumper.Version).ConfigureAwait(false);
        return ArchiveReader.Describe(folder.Root, new ArchiveContent(databases, files, prefix, facts), tables, watch.Elapsed, folder.Cipher is not null);
    }

    private static string TableFolder(string database, int place) => database + "/t" + (place + 1).ToString("D4", System.Globalization.CultureInfo.InvariantCulture);

    private void Enqueue(CopyPool pool, ICopySource source, string database, Dictionary<string, ArchiveChunk?[]> chunks, CopyProgress progress)
    {
        foreach (var (table, place) in source.Model.Tables.Select((table, place) => (table, place)))
        {
            if (options.Excludes(table))
            {
                continue;
            }

            var plan = source.Plan(table);
            var archived = new ArchiveChunk?[plan.Count];
            chunks[TableFolder(database, place)] = archived;
            foreach (var chunk in plan)
            {
                pool.Add(new CopyJob(chunk.Bytes, false, async stop =>
                {
                    archived[chunk.Number] = await ChunkAsync(source, table, chunk, TableFolder(database, place), progress, stop).ConfigureAwait(false);
                }));
            }
        }
    }

    private async Task<ArchiveChunk> ChunkAsync(ICopySource source, TableModel table, Chunk chunk, string tableFolder, CopyProgress progress, CancellationToken stop)
    {
        var path = tableFolder + "/" + (chunk.Number + 1).ToString("D6", System.Globalization.CultureInfo.InvariantCulture) + ".zst";
        var digest = await source.DigestAsync(table, chunk, stop).ConfigureAwait(false);
        var stored = folder.Stored(path);
        if (written.Find(path) is { } line && line.Digest == digest && line.Chunk.From == chunk.From && line.Chunk.To == chunk.To && File.Exists(folder.FullPath(stored)) && new FileInfo(folder.FullPath(stored)).Length == line.File.Length)
        {
            Enter(line.File);
            progress.ChunkDone(chunk.Bytes, digest.Rows);
            return new ArchiveChunk(path, chunk, line.Rows, line.Bytes, digest);
        }

        ChunkResult? result = null;
        var file = await folder.WriteAsync(path, compress: true, level, async write =>
        {
            result = await source.ReadAsync(
                table,
                chunk,
                ChunkFormat.Text,
                (block, count) =>
                {
                    progress.Moved(count, source.Model.Name + " " + table.Name);
                    return write(block, count);
                },
                stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (result!.Rows != digest.Rows)
        {
            throw CopyErrors.SourceChangedWhileCopying.Error(source.Server.Address + "/" + source.Model.Name + " " + table.Name, null, [], DatabaseText.Catalog.Format("RowsDiffer", digest.Rows, result.Rows));
        }

        Enter(file);
        written.Add(new ArchiveChunkLine(path, chunk, result.Rows, result.Bytes, digest, file));
        progress.ChunkDone(chunk.Bytes, result.Rows);
        return new ArchiveChunk(path, chunk, result.Rows, result.Bytes, digest);
    }

    private async Task<ArchiveDatabase> DatabaseAsync(ICopySource source, string database, Dictionary<string, ArchiveChunk?[]> chunks, List<WaTableCopy> tables)
    {
        var model = source.Model;
        var archived = new List<ArchiveTable>();
        foreach (var (table, place) in model.Tables.Select((table, place) => (table, place)))
        {
            var path = TableFolder(database, place);
            if (!chunks.TryGetValue(path, out var parts))
            {
                tables.Add(new WaTableCopy { Database = model.Name, Table = table.Name, State = WaTableState.Excluded });
                continue;
            }

            var whole = parts.Select(chunk => chunk!).ToArray();
            archived.Add(new ArchiveTable(table.Name, path, whole));
            var (load, finish) = ArchiveScripts.Load(table, source.Server.Engine);
            Enter(await folder.WriteTextAsync(path + "/load.sql", load).ConfigureAwait(false));
            if (finish is not null)
            {
                Enter(await folder.WriteTextAsync(path + "/finish.sql", finish).ConfigureAwait(false));
            }

            var digest = whole.Aggregate(TableDigest.Empty, (sum, chunk) => sum.Plus(chunk.Digest));
            tables.Add(new WaTableCopy { Database = model.Name, Table = table.Name, Rows = digest.Rows, Bytes = whole.Sum(chunk => chunk.Bytes), Digest = digest.Text, State = WaTableState.Copied });
        }

        var positions = await source.SequencesAsync(operation.Cancellation).ConfigureAwait(false);
        Enter(await folder.WriteTextAsync(database + "/schema-before.sql", ArchiveScripts.Before(model, source.Server.Engine)).ConfigureAwait(false));
        Enter(await folder.WriteTextAsync(database + "/schema-after.sql", ArchiveScripts.After(model, positions, source.Server.Engine)).ConfigureAwait(false));
        return new ArchiveDatabase(database, model with { Sequences = positions }, archived.ToArray(), [.. model.Tables.Where(options.Excludes).Select(table => table.Name)]);
    }

    private async Task WriteManifestAsync(ServerFacts facts, string prefix, string? cut, IReadOnlyList<ArchiveDatabase> databases, string? tool = null)
    {
        if (tool is null)
        {
            Enter(await folder.WriteTextAsync(ArchiveReadme.Name, ArchiveReadme.Of(facts, operation.Time.GetUtcNow(), databases)).ConfigureAwait(false));
        }

        var manifest = new ArchiveManifest
        {
            Format = ArchiveManifest.CurrentFormat,
            CreatedAt = operation.Time.GetUtcNow(),
            Server = facts,
            NamePrefix = prefix,
            Consistency = options.AllowActiveClient ? (cut is null ? "each database by itself" : "one moment") : "client stopped",
            Cut = cut,
            Method = tool is null ? WaCopyMethod.Module : WaCopyMethod.Utility,
            Tool = tool,
            DigestRecipe = Copying.DigestRecipe.Of(facts.Engine),
            Databases = databases,
            Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Mac = ArchiveFolder.EmptyMac,
        };
        var text = JsonSerializer.Serialize(manifest, ArchiveFolder.Json);
        var at = text.LastIndexOf(ArchiveFolder.EmptyMac, StringComparison.Ordinal);
        var mac = Sha256.Hex(Encoding.UTF8.GetBytes(text));
        await folder.WriteTextAsync(ArchiveFolder.ManifestName, text.Substring(0, at) + mac + text.Substring(at + mac.Length)).ConfigureAwait(false);
        written.Delete();
    }

    private void Enter(ArchiveFile file)
    {
        lock (gate)
        {
            files.Add(file);
        }
    }
}
