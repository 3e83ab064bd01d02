using System.Globalization;
using WaMigration.Databases;
using WaMigration.Setups;

namespace WaMigration.Containers;

/// <summary>
/// Proves that a client is stopped: its containers run on none of its Docker hosts, its API refuses, and nobody is on
/// its databases. What can be looked at is looked at, whatever a person says; a person's word only stands in for what
/// cannot be.
/// </summary>
internal static class StoppedProof
{
    /// <summary>How long sessions of a client that was just stopped may take to vanish from the server's list.</summary>
    private static readonly TimeSpan SessionGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="WaException">SourceStillRunning: something of it was seen. SourceNotProvedStopped: something could not be looked at, and nobody stated it.</exception>
    internal static async Task<StoppedEvidence> RequireAsync(WaSetup source, Operation operation)
    {
        if (operation.PlanOnly)
        {
            // An earlier step of the plan would have stopped it; what is seen now proves nothing either way.
            operation.Console.WhatIf(source.Name, ContainerText.Catalog["PlanProof"]);
            return new StoppedEvidence(operation.Time.GetUtcNow(), [], StatementOf(source));
        }

        // All at the same time: nobody serves the number meanwhile.
        var containers = new Findings();
        var api = new Findings();
        var databases = new Findings();
        await Task.WhenAll(
            LookAtContainersAsync(source, containers, operation),
            LookAtApiAsync(source, api, operation),
            LookAtDatabasesAsync(source, databases, () => containers.Running.Count + api.Running.Count > 0, operation)).ConfigureAwait(false);
        var findings = Findings.Of(containers, api, databases);
        if (findings.Running.Count > 0)
        {
            throw ClientErrors.SourceStillRunning.Error(source.Name, null, findings.Running, source.ApiUri);
        }

        var statement = StatementOf(source);
        if (findings.Unknown.Count > 0 && statement is null)
        {
            throw ClientErrors.SourceNotProvedStopped.Error(source.Name, null, findings.Unknown, source.ApiUri);
        }

        var evidence = new StoppedEvidence(operation.Time.GetUtcNow(), [.. findings.Seen, .. findings.Unknown], findings.Unknown.Count > 0 ? statement : null);
        source.Journal.Write(
            JournalKinds.SourceStoppedProved,
            source.Name,
            ("seen", string.Join("; ", evidence.Seen)),
            ("statedBy", evidence.Statement?.Person ?? string.Empty));
        return evidence;
    }

    /// <summary>Records a person's word that it is stopped, with name and time.</summary>
    internal static void State(WaSetup setup, string person, Operation operation)
    {
        if (!operation.May(setup.Name, ContainerText.Catalog.Format("StateStopped", person)))
        {
            return;
        }

        setup.StoppedStatement = new StoppedStatement(person, operation.Time.GetUtcNow());
        setup.Journal.Write(JournalKinds.SourceStoppedStated, setup.Name, ("person", person));
    }

    private static StoppedStatement? StatementOf(WaSetup source) =>
        source.StoppedStatement
        ?? (source.Journal.Last(JournalKinds.SourceStoppedStated, source.Name) is { } stated
            ? new StoppedStatement(stated.Values.TryGetValue("person", out var person) ? person : string.Empty, stated.At)
            : null);

    private static async Task LookAtContainersAsync(WaSetup source, Findings findings, Operation operation)
    {
        if (source.DockerHosts.Count == 0)
        {
            findings.Unknown.Add(ContainerText.Catalog["NoDockerHostToAsk"]);
            return;
        }

        try
        {
            var inventory = await ClientInventory.ReadAsync(source, operation).ConfigureAwait(false);
            var running = inventory.Containers.Where(container => container.IsRunning).ToList();
            findings.Running.AddRange(running.Select(container => container.ToString()));
            if (running.Count == 0)
            {
                findings.Seen.Add(ContainerText.Catalog.Format("NoneRuns", string.Join(", ", source.DockerHosts), inventory.Containers.Count));
            }
        }
        catch (WaException failure) when (failure.Kind == ContainerErrors.DockerHostUnreachable || failure.Kind == ClientErrors.ClientAmbiguous)
        {
            findings.Unknown.Add(failure.Message);
        }
    }

    private static async Task LookAtApiAsync(WaSetup source, Findings findings, Operation operation)
    {
        if (!await source.Api(operation).IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false))
        {
            findings.Seen.Add(ContainerText.Catalog.Format("ApiRefuses", source.ApiUri));
            return;
        }

        try
        {
            await source.Api(operation).WithoutRepeats.GetHealthAsync(operation.Cancellation).ConfigureAwait(false);
        }
        catch (WaApiException failure) when (failure.Code is null && failure.HttpStatus is 0 or 502 or 503 or 504)
        {
            // A proxy that stands before the client and finds nobody behind it.
            findings.Seen.Add(ContainerText.Catalog.Format("ProxyAnswers", source.ApiUri, failure.HttpStatus));
            return;
        }
        catch (WaException failure)
        {
            findings.Running.Add(ContainerText.Catalog.Format("ApiAnswers", source.ApiUri, failure.Message));
            return;
        }

        findings.Running.Add(ContainerText.Catalog.Format("ApiAnswers", source.ApiUri, "/v1/health"));
    }

    /// <summary>Sessions may take a moment to vanish, which is not waited for where something else shows already that it runs.</summary>
    private static async Task LookAtDatabasesAsync(WaSetup source, Findings findings, Func<bool> isKnownToRun, Operation operation)
    {
        try
        {
            var server = await DatabaseDiscovery.EnsureAsync(source, operation).ConfigureAwait(false);
            if (server is null)
            {
                return;
            }

            var begin = operation.Time.GetTimestamp();
            var sessions = await DatabaseSessions.ListForeignAsync(server, operation).ConfigureAwait(false);
            while (sessions.Count > 0 && !isKnownToRun() && operation.Time.GetElapsedTime(begin) < SessionGrace)
            {
                await operation.DelayAsync(PollInterval).ConfigureAwait(false);
                sessions = await DatabaseSessions.ListForeignAsync(server, operation).ConfigureAwait(false);
            }

            findings.Running.AddRange(sessions.Select(session => session.ToString()));
            if (sessions.Count == 0)
            {
                findings.Seen.Add(ContainerText.Catalog.Format("NoSessions", string.Format(CultureInfo.InvariantCulture, "{0}:{1}", server.Server, server.Port)));
            }
        }
        catch (WaException failure)
        {
            findings.Unknown.Add(failure.Message);
        }
    }

    private sealed class Findings
    {
        internal List<string> Running { get; } = [];

        internal List<string> Unknown { get; } = [];

        internal List<string> Seen { get; } = [];

        internal static Findings Of(params Findings[] looks)
        {
            var all = new Findings();
            foreach (var look in looks)
            {
                all.Running.AddRange(look.Running);
                all.Unknown.AddRange(look.Unknown);
                all.Seen.AddRange(look.Seen);
            }

            return all;
        }
    }
}
