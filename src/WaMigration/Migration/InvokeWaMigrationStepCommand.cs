using System.Management.Automation;
using System.Management.Automation.Runspaces;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>
/// Runs one step of a migration: journals it, passes over what is done, repeats what was interrupted, and times it. The
/// script block runs where it was written, and its output goes on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "WaMigrationStep", SupportsShouldProcess = true)]
[OutputType(typeof(object))]
public sealed class InvokeWaMigrationStepCommand : WaCmdlet
{
    /// <summary>
    /// The block runs in a scope of its own below the caller's, with -WhatIf passed on. Its first error ends it: what
    /// comes after a check that failed must never run.
    /// </summary>
    private const string Wrapper = "param($Block, $WhatIfPreference) $ErrorActionPreference = 'Stop'; & $Block";

    // A number, since a field of an engine's enum would make the import load the engine.
    private int side;

    /// <summary>The migration, from Start-WaMigration.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public WaMigration Migration { get; set; } = null!;

    /// <summary>The guide's number; 0 for what Options 2 and 3 do before the first.</summary>
    [Parameter(Mandatory = true)]
    [ValidateRange(0, 10)]
    public int Number { get; set; }

    /// <summary>The guide's words.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The work.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Whose machines the work is on; a run for the other side only passes the step over.</summary>
    [Parameter]
    public WaMigrationSide Side { get => (WaMigrationSide)side; set => side = (int)value; }

    /// <summary>Does not run the work; the step counts as behind.</summary>
    [Parameter]
    public SwitchParameter Skip { get; set; }

    /// <summary>Why it is skipped; kept in the record.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var run = Migration.Run;
        var skipReason = IsOfOtherSide(run) ? MigrationText.Catalog["DoneByOtherSide"]
            : Skip ? Reason ?? MigrationText.Catalog["SkippedByRequest"]
            : null;
        var planned = operation.PlanOnly || run.IsPlan;
        if (planned)
        {
            await TellAsync(run, skipReason).ConfigureAwait(false);
        }
        else if (!await ConfirmAsync(operation, run.Path, Headline).ConfigureAwait(false))
        {
            return;
        }

        if (MigrationSteps.Begin(run, Number, Name, skipReason, operation) == StepDecision.PassOver)
        {
            return;
        }

        try
        {
            await OnPipelineThreadAsync(() => RunBlock(planned)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is PipelineStoppedException or OperationCanceledException)
        {
            MigrationSteps.Interrupted(run, Number);
            throw;
        }
        catch (RuntimeException failure)
        {
            MigrationSteps.Failed(run, Number, failure.ErrorRecord.FullyQualifiedErrorId, failure.ErrorRecord.ErrorDetails?.Message ?? failure.Message);
            MigrationSteps.TellWays(run, operation);
            throw;
        }
        finally
        {
            MigrationSteps.EndProgress(run, Number, operation);
        }

        MigrationSteps.Done(run, Number);
    }

    private string Headline => MigrationSteps.Headline(Migration.Run, Number, Name);

    private bool IsOfOtherSide(MigrationRun run) =>
        Side != WaMigrationSide.Both && run.Record.Side != WaMigrationSide.Both && Side != run.Record.Side;

    private Task<bool> TellAsync(MigrationRun run, string? skipReason)
    {
        var step = run.Step(Number);
        var line = step.IsBehind
            ? MigrationText.Catalog.Format("PlanBehind", Headline, step.State)
            : skipReason is null ? Headline : MigrationText.Catalog.Format("PlanSkipped", Headline, skipReason);
        return OnPipelineThreadAsync(() => ShouldProcess(line, line, Name));
    }

    private bool RunBlock(bool planned)
    {
        InvokeCommand.InvokeScript(Wrapper, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, ScriptBlock, planned);
        return true;
    }
}
