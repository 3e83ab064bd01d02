using System.Diagnostics;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Utilities;

/// <summary>Brings databases to a server by the engine's own tools, and compares what came of it.</summary>
internal sealed class UtilityCopier(ICopyServer targetServer, ServerFacts targetFacts, IUtility restoring, CopyOptions options, Operation operation)
{
    /// <summary>Server to server, with no file between.</summary>
    internal static async Task RunAsync(WaDatabaseServer source, ICopyServer to, IReadOnlyList<DatabasePair> pairs, ServerFacts targetFacts, CopyOptions options, Action<WaTableCopy> output, Operation operation)
    {
        IUtility dumping, restoring;
        try
        {
            dumping = await EngineUtilities.OfAsync(source, pairs[0].Source.Server, options, operation).ConfigureAwait(false);
            restoring = await EngineUtilities.OfAsync(to.Description, targetFacts, options, operation).ConfigureAwait(false);
        }
        catch
        {
            pairs.ToList().ForEach(pair => pair.Dispose());
            throw;
        }

        await new UtilityCopier(to, targetFacts, restoring, options, operation).RunAsync(
            pairs,
            dumping.Dumper.Name,
            (pair, write) => DumpAsync(dumping, pair.Source, write, operation),
            output).ConfigureAwait(false);
    }

    /// <summary>Dumps a database, and hands on what the tool writes. It is whole when this returns.</summary>
    internal static async Task DumpAsync(IUtility dumping, ICopySource source, Func<byte[], int, Task> write, Operation operation)
    {
        var named = source.Server.Address + "/" + source.Model.Name;
        using var call = dumping.Dump(source.Model.Name);
        using var process = UtilityProcess.Start(call, named);
        await process.ReadAsync(write, operation.Cancellation).ConfigureAwait(false);
        await process.EndAsync(operation.Cancellation).ConfigureAwait(false);
        Tell(dumping.Dumper, process, operation);
    }

    /// <summary>Restores each pair from what is fed, and compares; disposes of them.</summary>
    internal async Task RunAsync(IReadOnlyList<DatabasePair> pairs, string dumper, Func<DatabasePair, Func<byte[], int, Task>, Task> feed, Action<WaTableCopy> output)
    {
        try
        {
            await CopyPreparation.PrepareAsync(pairs, targetServer, targetFacts, options, operation).ConfigureAwait(false);
            if (operation.PlanOnly)
            {
                foreach (var pair in pairs)
                {
                    operation.Console.WhatIf(targetFacts.Address + "/" + pair.TargetName, DatabaseText.Catalog.Format("PlanUtility", dumper, restoring.Restorer.Name));
                }

                return;
            }

            var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("UtilityActivity", targetFacts.Address, restoring.Restorer.Name), pairs.SelectMany(pair => pair.Model.Tables).Sum(table => table.Bytes));
            try
            {
                foreach (var pair in pairs)
                {
                    await RunAsync(pair, feed, progress, output).ConfigureAwait(false);
                }
            }
            finally
            {
                progress.End();
            }
        }
        finally
        {
            pairs.ToList().ForEach(pair => pair.Dispose());
        }
    }

    private static void Tell(UtilityProgram program, UtilityProcess process, Operation operation)
    {
        foreach (var line in process.Complaints)
        {
            operation.Console.Warning(DatabaseText.Catalog.Format("UtilitySays", program.Name, line));
        }
    }

    private async Task RunAsync(DatabasePair pair, Func<DatabasePair, Func<byte[], int, Task>, Task> feed, CopyProgress progress, Action<WaTableCopy> output)
    {
        if (pair.IsNew)
        {
            await targetServer.CreateAsync(pair.TargetName, pair.Model.Properties, operation).ConfigureAwait(false);
        }

        pair.Target ??= await targetServer.OpenTargetAsync(pair.TargetName, targetFacts, operation).ConfigureAwait(false);
        if (!pair.IsResumed)
        {
            var run = new CopyRun(Guid.NewGuid().ToString("N"), CopyPreparation.SourceIdentity(pair.Source), DatabaseFingerprint.Of(pair.Model), false, CopyPreparation.Excluded(options));

            // These every new database has, so no dump makes them.
            SchemaObject[] given = [.. pair.Model.Objects.Where(item => item is { Kind: "schema", Name: "public" } or { Kind: "extension", Name: "plpgsql" })];
            await pair.Target.BeginAsync(run, given, operation.Cancellation).ConfigureAwait(false);
        }

        // What was restored in one transaction is whole, or is not there.
        var watch = Stopwatch.StartNew();
        if (!pair.IsResumed || restoring.Replaces || targetServer.IsEmpty(await pair.Target.ReadModelAsync(pair.Model.HasOwners(), operation.Cancellation).ConfigureAwait(false)))
        {
            await RestoreAsync(pair, feed, progress).ConfigureAwait(false);
        }

        var target = pair.Target;
        foreach (var table in (await target.ReadModelAsync(pair.Model.HasOwners(), operation.Cancellation).ConfigureAwait(false)).Tables)
        {
            await target.AnalyzeAsync(table, operation.Cancellation).ConfigureAwait(false);
        }

        await new UtilityProof(pair, options, restoring.Restorer.Name, watch.Elapsed, operation).RunAsync(output).ConfigureAwait(false);
        await target.EndAsync(pair.Model.Settings, operation.Cancellation).ConfigureAwait(false);
    }

    /// <summary>The tool's input ends only when all of the dump is there: a part of one is never taken for all.</summary>
    private async Task RestoreAsync(DatabasePair pair, Func<DatabasePair, Func<byte[], int, Task>, Task> feed, CopyProgress progress)
    {
        using var call = restoring.Restore(pair.TargetName);
        using var process = UtilityProcess.Start(call, targetFacts.Address + "/" + pair.TargetName);
        var answers = process.DrainAsync(operation.Cancellation);
        await feed(pair, async (block, count) =>
        {
            await process.WriteAsync(block, count, operation.Cancellation).ConfigureAwait(false);
            progress.ChunkDone(count, 0);
            progress.Moved(count, pair.Model.Name);
        }).ConfigureAwait(false);
        await process.EndAsync(operation.Cancellation).ConfigureAwait(false);
        await answers.ConfigureAwait(false);
        Tell(restoring.Restorer, process, operation);
    }
}
