using System.Management.Automation;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>
/// Lists the runbooks that come with the module. They are plain scripts: run one by its path, or copy it with
/// -Destination and change it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "WaRunbook", SupportsShouldProcess = true)]
[OutputType(typeof(WaRunbook))]
public sealed class GetWaRunbookCommand : WaCmdlet
{
    private const string Folder = "Runbooks";

    /// <summary>Only the runbook of that name; wildcards are understood.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string? Name { get; set; }

    /// <summary>Only the runbook of that option of the guide.</summary>
    [Parameter]
    [ValidateRange(1, 3)]
    public int? Option { get; set; }

    /// <summary>A folder to copy into.</summary>
    [Parameter]
    public string? Destination { get; set; }

    /// <summary>Overwrites copies that are there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var folder = System.IO.Path.Combine(MyInvocation.MyCommand.Module.ModuleBase, Folder);
        var wanted = string.IsNullOrEmpty(Name) ? null : new WildcardPattern(System.IO.Path.GetFileNameWithoutExtension(Name), WildcardOptions.IgnoreCase);
        var found = RunbookFiles.List(folder)
            .Where(runbook => wanted?.IsMatch(runbook.Name) != false && (Option is null || runbook.Option == Option))
            .ToList();
        if (found.Count == 0 && (Option is not null || (Name is { } name && !WildcardPattern.ContainsWildcardCharacters(name))))
        {
            throw MigrationErrors.RunbookNotFound.Error(Name ?? $"Option {Option}", folder);
        }

        foreach (var runbook in found)
        {
            if (string.IsNullOrEmpty(Destination))
            {
                Output(runbook);
            }
            else if (await ConfirmAsync(operation, Destination!, runbook.Name).ConfigureAwait(false))
            {
                Output(RunbookFiles.Copy(runbook, ResolvePath(Destination!), Force, operation));
            }
        }
    }
}
