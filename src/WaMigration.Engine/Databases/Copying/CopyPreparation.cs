namespace WaMigration.Databases.Copying;

/// <summary>Everything that can stop a copy, asked before anything is written.</summary>
internal static class CopyPreparation
{
    private static readonly TimeSpan SessionGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SessionPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>The names of the source's databases that are meant, each with the store that it holds.</summary>
    internal static async Task<IReadOnlyList<ClientDatabase>> ChooseAsync(WaDatabaseServer server, CopyOptions options, Operation operation)
    {
        var listed = await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false);
        var chosen = options.Databases.Count == 0
            ? listed.Where(database => !database.IsUnclassified).ToList()
            : [.. options.Databases.Select(name => listed.FirstOrDefault(database => database.Name == name) ?? new ClientDatabase(name, null))];
        if (options.ExcludeWaweb)
        {
            chosen.RemoveAll(database => database.Store == "waweb");
        }

        foreach (var other in listed.Where(database => database.IsUnclassified && options.Databases.Count == 0 && server.NamePrefix.Length > 0))
        {
            operation.Console.Verbose(DatabaseText.Catalog.Format("UnclassifiedLeft", other.Name));
        }

        return chosen.Count > 0
            ? chosen
            : throw CopyErrors.NoDatabasesFound.Error(server.Server + ":" + server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), server.NamePrefix);
    }

    /// <summary>What a source's database is called on the target: the target's prefix in place of the source's.</summary>
    internal static string TargetName(string name, string sourcePrefix, string targetPrefix) =>
        name.StartsWith(sourcePrefix, StringComparison.OrdinalIgnoreCase) ? targetPrefix + name.Substring(sourcePrefix.Length) : name;

    /// <summary>Opens the sources; refused where others are on them, unless that is allowed.</summary>
    internal static async Task<IReadOnlyList<ICopySource>> OpenSourcesAsync(ICopyServer server, ServerFacts facts, IReadOnlyList<ClientDatabase> databases, CopyOptions options, Operation operation)
    {
        var sessions = await SessionsAsync(server, databases, options, operation).ConfigureAwait(false);
        if (sessions.Count > 0)
        {
            if (!options.AllowActiveClient)
            {
                throw CopyErrors.ClientStillWriting.Error(facts.Address, null, Texts(sessions), sessions.Count);
            }

            operation.Console.Warning(DatabaseText.Catalog.Format("ActiveClient", facts.Address, sessions.Count));
        }

        var sources = await server.OpenSourcesAsync([.. databases.Select(database => database.Name)], facts, options.IncludeOwner, options.AllowActiveClient ? options.ThrottleLimit : 0, operation).ConfigureAwait(false);
        try
        {
            foreach (var model in sources.Select(source => source.Model))
            {
                if (options.Method == WaCopyMethod.Utility)
                {
                    model.NotCarried.ToList().ForEach(thing => operation.Console.Warning(DatabaseText.Catalog.Format("NotCompared", thing)));
                }
                else
                {
                    RequireCarried(model, facts);
                }

                if (model.GrantsLeftOut > 0)
                {
                    operation.Console.Warning(DatabaseText.Catalog.Format("GrantsLeftOut", model.Name, model.GrantsLeftOut));
                }
            }

            // Not every account sees the sessions of others.
            if (options.AllowActiveClient && sources.Count > 1 && !IsOneMoment(sources))
            {
                operation.Console.Warning(DatabaseText.Catalog.Format("NoCommonMoment", facts.Address));
            }

            return sources;
        }
        catch
        {
            sources.ToList().ForEach(source => source.Dispose());
            throw;
        }
    }

    /// <summary>Those of others. One that was just closed stays on the server's list for a moment.</summary>
    private static async Task<IReadOnlyList<ForeignSession>> SessionsAsync(ICopyServer server, IReadOnlyList<ClientDatabase> databases, CopyOptions options, Operation operation)
    {
        var start = operation.Time.GetTimestamp();
        while (true)
        {
            var sessions = await server.SessionsAsync([.. databases.Select(database => database.Name)], operation).ConfigureAwait(false);
            if (sessions.Count == 0 || options.AllowActiveClient || operation.Time.GetElapsedTime(start) >= SessionGrace)
            {
                return sessions;
            }

            await operation.DelayAsync(SessionPoll).ConfigureAwait(false);
        }
    }

    /// <summary>Whether all databases are read as they were at one moment.</summary>
    internal static bool IsOneMoment(IReadOnlyList<ICopySource> sources) =>
        sources.All(source => source.Cut is not null && source.Cut == sources[0].Cut);

    /// <summary>
    /// Looks at the targets of all databases, and says what is to be done with each. What the server itself is asked is asked
    /// once for all, and the rest for all at once: a downtime may wait for it.
    /// </summary>
    internal static async Task PrepareAsync(IReadOnlyList<DatabasePair> pairs, ICopyServer server, ServerFacts facts, CopyOptions options, Operation operation)
    {
        string Named(DatabasePair pair) => facts.Address + "/" + pair.TargetName;
        if (pairs.FirstOrDefault(pair => facts.Engine != pair.Source.Server.Engine) is { } other)
        {
            throw CopyErrors.DatabaseEnginesDiffer.Error(Named(other), other.Source.Server.Engine, facts.Engine);
        }

        if (pairs.FirstOrDefault(pair => facts.Major < pair.Source.Server.Major) is { } newer)
        {
            throw CopyErrors.TargetVersionOlder.Error(Named(newer), facts.Version, newer.Source.Server.Version);
        }

        var missing = await server.MissingAsync([.. pairs.Select(pair => pair.Model)], operation).ConfigureAwait(false);
        for (var at = 0; at < pairs.Count; at++)
        {
            if (missing[at].Count > 0)
            {
                throw CopyErrors.TargetLacksWhatIsNeeded.Error(Named(pairs[at]), null, missing[at], missing[at].Count);
            }
        }

        var existing = await server.ExistingAsync([.. pairs.Select(pair => pair.TargetName)], operation).ConfigureAwait(false);
        foreach (var pair in pairs)
        {
            pair.IsNew = !existing.Contains(pair.TargetName);
        }

        var sessions = existing.Count == 0 ? [] : await server.SessionsAsync(existing, operation).ConfigureAwait(false);
        if (sessions.Count > 0)
        {
            var used = sessions.Where(session => session.Database == sessions[0].Database).ToList();
            throw CopyErrors.TargetInUse.Error(facts.Address + "/" + used[0].Database, null, Texts(used), used.Count);
        }

        await Task.WhenAll(pairs.Where(pair => !pair.IsNew).Select(pair => OpenAsync(pair, Named(pair), server, facts, options, operation))).ConfigureAwait(false);
    }

    private static async Task OpenAsync(DatabasePair pair, string named, ICopyServer server, ServerFacts facts, CopyOptions options, Operation operation)
    {
        pair.Target = await server.OpenTargetAsync(pair.TargetName, facts, operation).ConfigureAwait(false);
        if (pair.Target.Run is { } run)
        {
            Resume(pair, run, named, options);
            return;
        }

        var there = await pair.Target.ReadModelAsync(pair.Model.HasOwners(), operation.Cancellation).ConfigureAwait(false);
        if (!server.IsEmpty(there))
        {
            if (!options.Update)
            {
                throw CopyErrors.TargetDatabaseNotEmpty.Error(named);
            }

            RequireAlike(pair, there, named);
            pair.IsUpdate = true;
            return;
        }

        var differing = pair.Model.Properties.Where(property => property.Key != "connection limit" && there.Properties.TryGetValue(property.Key, out var other) && other != property.Value).ToList();
        if (differing.Count > 0)
        {
            throw CopyErrors.TargetDatabaseDiffers.Error(named, null, [.. differing.Select(property => DatabaseText.Catalog.Format("PropertyDiffers", property.Key, property.Value, there.Properties[property.Key]))], string.Join(", ", differing.Select(property => property.Key)));
        }
    }

    private static IReadOnlyList<string> Texts(IEnumerable<ForeignSession> sessions) => [.. sessions.Select(session => session.ToString())];

    internal static string SourceIdentity(ICopySource source) => source.Server.Identity + "/" + source.Model.Name;

    private static void Resume(DatabasePair pair, CopyRun run, string named, CopyOptions options)
    {
        if (run.Source != SourceIdentity(pair.Source) || run.Tables != Excluded(options) || (run.IsUpdate && !options.Update))
        {
            throw CopyErrors.LedgerOfAnotherRun.Error(named, run.Source, run.IsUpdate ? "-Update" : run.Tables);
        }

        if (run.Model != DatabaseFingerprint.Of(pair.Model))
        {
            throw CopyErrors.SourceObjectsChanged.Error(named, pair.Model.Name);
        }

        pair.IsResumed = true;
        pair.IsUpdate = run.IsUpdate;
    }

    /// <summary>What a run leaves out, or does by other means: another command does not go on with it.</summary>
    internal static string Excluded(CopyOptions options) => options.Method == WaCopyMethod.Utility ? "-Method Utility" : string.Join("\n", options.ExcludeTables.OrderBy(name => name, StringComparer.Ordinal));

    private static void RequireCarried(DatabaseModel model, ServerFacts facts)
    {
        if (model.NotCarried.Count > 0)
        {
            throw CopyErrors.DatabaseObjectsNotCarried.Error(facts.Address + "/" + model.Name, null, model.NotCarried, model.NotCarried.Count);
        }
    }

    private static void RequireAlike(DatabasePair pair, DatabaseModel there, string named)
    {
        if (there.NotCarried.Concat(DatabaseFingerprint.Differences(pair.Model, there.WithoutAccountsBeside(pair.Model))).ToList() is { Count: > 0 } differences)
        {
            throw CopyErrors.TargetObjectsDiffer.Error(named, null, differences);
        }
    }
}
