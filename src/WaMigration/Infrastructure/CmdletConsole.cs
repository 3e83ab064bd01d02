using System.Diagnostics;
using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>Says what the engine says through PowerShell's streams.</summary>
internal sealed class CmdletConsole(PipelinePump pump) : IOperationConsole
{
    /// <summary>PowerShell's progress is slow to draw; more often than this nobody sees a difference.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly object gate = new();
    private readonly Dictionary<string, (int Id, Stopwatch Last)> activities = [];

    public void Progress(WaProgress progress)
    {
        int id;
        lock (gate)
        {
            if (!activities.TryGetValue(progress.Activity, out var known))
            {
                known = (activities.Count + 1, Stopwatch.StartNew());
                activities[progress.Activity] = known;
            }
            else if (!progress.IsCompleted && known.Last.Elapsed < ProgressInterval)
            {
                return;
            }

            known.Last.Restart();
            id = known.Id;
        }

        pump.Post(cmdlet => cmdlet.WriteProgress(new ProgressRecord(id, progress.Activity, progress.Status.Length == 0 ? " " : progress.Status)
        {
            PercentComplete = progress.Percent ?? -1,
            RecordType = progress.IsCompleted ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        }));
    }

    public void Verbose(string text) => pump.Post(cmdlet => cmdlet.WriteVerbose(text));

    public void Warning(string text) => pump.Post(cmdlet => cmdlet.WriteWarning(text));

    public void WhatIf(string target, string action) =>
        //// Under -WhatIf this prints PowerShell's own line in the user's language and answers no.
        pump.Post(cmdlet => cmdlet.ShouldProcess(target, action));
}
