using WaMigration.Containers;
using WaMigration.Databases;
using WaMigration.Migrations.Checks;

namespace WaMigration.Migrations;

/// <summary>
/// A folder that is lost in the middle: a new one knows nothing, and the old client, whom its first steps would ask, is gone.
/// Where things stand is found out from the real world then: whose containers are there, who is on the databases, and what the
/// new ones hold.
/// </summary>
internal static class HalfDone
{
    private static TextCatalog Text => MigrationText.Catalog;

    /// <summary>Takes steps whose effect is there as done; does nothing where the old client is there, or the folder knows of it.</summary>
    /// <exception cref="WaException">SourceStillRunning, SourceNotProvedStopped; ChecksFailed where the new databases are no copy of the old ones.</exception>
    internal static async Task FindAsync(MigrationRun run, Operation operation)
    {
        if (!run.IsNew
            || operation.PlanOnly
            || run.Record.Side != WaMigrationSide.Both
            || !GuideSteps.MovesDatabases(run.Record.Option)
            || run is not { Source: { State: not WaSetupState.Running, DockerHosts.Count: > 0, Database: { } databases } source, Destination: { } destination }
            || (await ClientInventory.ReadAsync(source, operation).ConfigureAwait(false)).Containers.Count > 0)
        {
            return;
        }

        var evidence = await StoppedProof.RequireAsync(source, operation).ConfigureAwait(false);
        await RequireOwnCopyAsync(run, operation).ConfigureAwait(false);
        var topology = await TopologyReader.ReadAsync(destination, operation).ConfigureAwait(false);
        var last = LastStep(run.Record.Option, destination);
        if (last >= GuideSteps.Install(run.Record.Option))
        {
            operation.Note(destination, JournalKinds.ClientStarting, ("nodes", string.Join(", ", topology.Nodes.Select(node => node.Name))));
        }

        var names = (await ClientDatabases.ListAsync(databases, operation).ConfigureAwait(false))
            .Where(database => !database.IsUnclassified)
            .Select(database => database.Name)
            .ToList();
        run.Change(record => record with
        {
            SourceFacts = new SourceFacts { ReadAt = operation.Time.GetUtcNow(), Topology = TopologyRecord.From(topology), Databases = names },
            Steps = [.. record.Steps.Select(step => Found(step, last, topology))],
        });
        run.JournalFile.Write(MigrationEvents.FoundHalfDone, MigrationEvents.NoSetup, ("seen", string.Join("; ", evidence.Seen)), ("lastStep", last.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        operation.Console.Warning(Text.Format("FoundHalfDone", source.Name, string.Join("; ", evidence.Seen), last, run.Record.Step(last).Name, run.Path));
    }

    /// <summary>A new client that answers as one of a number was started on the copy already.</summary>
    private static int LastStep(int option, WaSetup destination) =>
        destination is { State: WaSetupState.Running, PhoneNumber: not null } ? GuideSteps.Install(option) : GuideSteps.Uninstall(option);

    private static StepRecord Found(StepRecord step, int last, WaTopology topology) =>
        step.Number > last || (step.Number == GuideSteps.Prepare && topology.Nodes.Count == 0)
            ? step
            : step with { State = WaStepState.Done, Reason = Text["FoundDone"] };

    /// <summary>Rows that differ will be replaced, so that what is there must be a copy of the old databases, or nothing.</summary>
    private static async Task RequireOwnCopyAsync(MigrationRun run, Operation operation)
    {
        var context = new CheckContext(run.Source, run.Destination, run, null, operation);
        if (await CopyChecks.TargetAsync(context).ConfigureAwait(false) is { } finding)
        {
            CheckRunner.Require(WaCheckPhase.Plan, [new WaCheck(WaCheckPhase.Plan, "DestinationDatabase", finding.Status, finding.Detail, finding.Remedy)], operation);
        }
    }
}
