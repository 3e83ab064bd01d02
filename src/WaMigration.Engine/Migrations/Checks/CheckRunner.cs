using WaMigration.Api;

namespace WaMigration.Migrations.Checks;

/// <summary>Makes the checks of a phase.</summary>
internal static class CheckRunner
{
    /// <summary>Every check that applies; one that cannot read what it needs is Unknown, never Passed.</summary>
    internal static async Task<IReadOnlyList<WaCheck>> RunAsync(WaCheckPhase phase, CheckContext context)
    {
        var checks = new List<WaCheck>();
        foreach (var check in CheckList.For(phase, context.Option))
        {
            context.Operation.Cancellation.ThrowIfCancellationRequested();
            var activity = MigrationText.Catalog.Format("CheckActivity", phase);
            context.Operation.Console.Progress(new WaProgress(activity, check.Name));
            if (await LookAsync(check, context).ConfigureAwait(false) is { } finding)
            {
                checks.Add(new WaCheck(phase, check.Name, finding.Status, finding.Detail, finding.Remedy));
            }

            context.Operation.Console.Progress(new WaProgress(activity, check.Name, null, IsCompleted: true));
        }

        context.Run?.JournalFile.Write(
            MigrationEvents.ChecksMade,
            MigrationEvents.NoSetup,
            ("phase", phase.ToString()),
            ("notPassed", string.Join(", ", checks.Where(check => check.Status != WaCheckStatus.Passed).Select(check => check.Name + "=" + check.Status))));
        return checks;
    }

    /// <summary>
    /// Ends with an error where something failed or is not known; warnings are told. A plan goes on, so that it is seen
    /// whole, and tells what would have stopped it.
    /// </summary>
    internal static void Require(WaCheckPhase phase, IReadOnlyList<WaCheck> checks, Operation operation)
    {
        foreach (var check in checks.Where(check => check.Status == WaCheckStatus.Warning || (operation.PlanOnly && IsBad(check))))
        {
            operation.Console.Warning(MigrationText.Catalog.Format("CheckWarning", check.Name, check.Detail, check.Remedy, check.Status));
        }

        var bad = checks.Where(IsBad).ToList();
        if (bad.Count > 0 && !operation.PlanOnly)
        {
            throw MigrationErrors.ChecksFailed.Error(
                MigrationText.Catalog["Before" + phase],
                null,
                [.. bad.Select(Line)],
                string.Join(", ", bad.Select(check => check.Name)),
                string.Join(" ", bad.Select(check => check.Remedy).Where(remedy => remedy.Length > 0).Distinct()));
        }
    }

    private static bool IsBad(WaCheck check) => check.Status is WaCheckStatus.Failed or WaCheckStatus.Unknown;

    private static string Line(WaCheck check) => $"{check.Name}: {check.Status}: {check.Detail}";

    private static async Task<CheckFinding?> LookAsync(MigrationCheck check, CheckContext context)
    {
        try
        {
            return await check.Look(context).ConfigureAwait(false);
        }
        catch (NotInstalledYetException)
        {
            return CheckFinding.Unknown("NotInstalledYet");
        }
        catch (WaException failure)
        {
            return CheckFinding.NotReadable(failure);
        }
    }
}
