using WaMigration.Databases.Utilities;

namespace WaMigration.Databases.Copying;

/// <summary>Copies databases: plans, loads, builds, compares, ends. Engine-neutral; a source may be an archive.</summary>
internal sealed class DatabaseCopier(ICopyServer targetServer, ServerFacts targetFacts, CopyOptions options, Operation operation)
{
    /// <summary>Server to server.</summary>
    internal static async Task RunAsync(WaDatabaseServer source, WaDatabaseServer target, CopyOptions options, Action<WaTableCopy> output, Operation operation)
    {
        var (from, to) = (CopyServers.Of(source), CopyServers.Of(target));
        var facts = await from.FactsAsync(operation).ConfigureAwait(false);
        var targetFacts = await to.FactsAsync(operation).ConfigureAwait(false);
        var databases = await CopyPreparation.ChooseAsync(source, options, operation).ConfigureAwait(false);
        var names = databases.ToDictionary(database => database.Name, database => CopyPreparation.TargetName(database.Name, source.NamePrefix, target.NamePrefix));
        if (from.Running == to.Running && names.Any(name => name.Value == name.Key))
        {
            throw CopyErrors.TargetIsSource.Error(targetFacts.Address, names.First(name => name.Value == name.Key).Key, facts.Address);
        }

        var sources = await CopyPreparation.OpenSourcesAsync(from, facts, databases, options, operation).ConfigureAwait(false);
        DatabasePair[] pairs = [.. sources.Select(one => new DatabasePair(one, names[one.Model.Name]))];
        await (options.Method == WaCopyMethod.Utility
            ? UtilityCopier.RunAsync(source, to, pairs, targetFacts, options, output, operation)
            : new DatabaseCopier(to, targetFacts, options, operation).RunAsync(pairs, output)).ConfigureAwait(false);
    }

    /// <summary>Copies each pair; disposes of them.</summary>
    internal async Task RunAsync(IReadOnlyList<DatabasePair> pairs, Action<WaTableCopy> output)
    {
        try
        {
            await CopyPreparation.PrepareAsync(pairs, targetServer, targetFacts, options, operation).ConfigureAwait(false);
            if (operation.PlanOnly)
            {
                pairs.ToList().ForEach(Plan);
                return;
            }

            var total = pairs.SelectMany(pair => pair.Model.Tables).Where(table => !options.Excludes(table)).Sum(table => table.Bytes);
            var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("CopyActivity", targetFacts.Address), total);
            try
            {
                using var pool = new CopyPool(options.ThrottleLimit);
                var works = pairs.Select(pair => new DatabaseWork(pair, options, pool, progress, output)).ToList();
                await Task.WhenAll(pairs.Select(BeginAsync)).ConfigureAwait(false);

                foreach (var work in works)
                {
                    await work.StartAsync(operation.Cancellation).ConfigureAwait(false);
                }

                await pool.RunAsync(operation.Cancellation).ConfigureAwait(false);
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

    private static SchemaObject[] Before(DatabasePair pair) => [.. pair.Model.Objects.Where(item => item.Phase == SchemaPhase.Before)];

    private void Plan(DatabasePair pair)
    {
        var named = targetFacts.Address + "/" + pair.TargetName;
        if (pair.IsNew)
        {
            operation.Console.WhatIf(named, DatabaseText.Catalog["PlanCreate"]);
        }

        foreach (var table in pair.Model.Tables.Where(table => !options.Excludes(table)))
        {
            operation.Console.WhatIf(named + " " + table.Name, DatabaseText.Catalog.Format(
                pair.IsUpdate ? "PlanUpdate" : pair.IsResumed ? "PlanResume" : "PlanCopy", pair.Source.Server.Address + "/" + pair.Model.Name, (table.Bytes / 1e6).ToString("F1", System.Globalization.CultureInfo.CurrentCulture), pair.Source.Plan(table).Count));
        }
    }

    private async Task BeginAsync(DatabasePair pair)
    {
        if (pair.IsNew)
        {
            await targetServer.CreateAsync(pair.TargetName, pair.Model.Properties, operation).ConfigureAwait(false);
        }

        pair.Target ??= await targetServer.OpenTargetAsync(pair.TargetName, targetFacts, operation).ConfigureAwait(false);
        if (pair.IsResumed)
        {
            operation.Console.Verbose(DatabaseText.Catalog.Format("Resumed", pair.TargetName, pair.Target.Run!.Id));
            await pair.Target.ResumeAsync(pair.IsUpdate ? [] : Before(pair), operation.Cancellation).ConfigureAwait(false);
            return;
        }

        var run = new CopyRun(Guid.NewGuid().ToString("N"), CopyPreparation.SourceIdentity(pair.Source), DatabaseFingerprint.Of(pair.Model), pair.IsUpdate, CopyPreparation.Excluded(options));
        await (pair.IsUpdate
            ? pair.Target.BeginUpdateAsync(run, operation.Cancellation)
            : pair.Target.BeginAsync(run, Before(pair), operation.Cancellation)).ConfigureAwait(false);
    }
}
