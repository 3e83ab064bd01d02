using System.Globalization;
using WaMigration.Migrations.Checks;

namespace WaMigration.Migrations;

/// <summary>Ends a rehearsal: says what the real run would take by what was measured, and leaves the migration as planned.</summary>
internal static class RehearsalReport
{
    internal static async Task CompleteAsync(MigrationRun run, Operation operation)
    {
        if (run.IsPlan)
        {
            return;
        }

        if (run.Record.Steps[0] is { IsBehind: false } open)
        {
            throw MigrationErrors.StepsNotDone.Error(run.Path, open.Number, open.Name, open.State);
        }

        var context = new CheckContext(run.Source, run.Destination, run, null, operation);
        var removal = run.Source is { DockerHosts.Count: > 0 } source ? await OutageEstimate.RemovalAsync(source, context).ConfigureAwait(false) : 0;
        var pass = OutageEstimate.LastPass(run.Snapshot()) ?? 0;
        var (low, high) = OutageEstimate.WithDatabases(removal, pass);
        run.JournalFile.Write(
            MigrationEvents.Rehearsed,
            MigrationEvents.NoSetup,
            ("lastPassSeconds", Number(pass)),
            ("outageLowSeconds", Number(low)),
            ("outageHighSeconds", Number(high)));

        // The copy is used by the real run, which brings it up to date first.
        run.Change(record => record with
        {
            State = WaMigrationState.Planned,
            Steps = [record.Steps[0] with { State = WaStepState.NotStarted }, .. record.Steps.Skip(1)],
        });
        operation.Console.Warning(MigrationText.Catalog.Format(
            "Rehearsed",
            OutageEstimate.Seconds(low),
            OutageEstimate.Seconds(high),
            OutageEstimate.Seconds(pass),
            run.Record.Source?.Name));
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
