using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>Completes commands, parameters and their values with the engine's own completion, and paths.</summary>
internal sealed class TabCompleter(Runspace runspace)
{
    public Completions? Complete(string text, int cursor, bool nested)
    {
        using var powershell = nested
            ? PowerShell.Create(RunspaceMode.CurrentRunspace)
            : PowerShell.Create();
        if (!nested)
        {
            powershell.Runspace = runspace;
        }

        var found = CommandCompletion.CompleteInput(text, cursor, null, powershell);
        return found is { CompletionMatches.Count: > 0, ReplacementIndex: >= 0 }
            ? new Completions(
                found.ReplacementIndex,
                found.ReplacementLength,
                [.. found.CompletionMatches.Select(m => m.CompletionText)])
            : PathCompleter.Complete(text, cursor);
    }
}
