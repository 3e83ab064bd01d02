using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using WaMigration.Migrations;
using WaMigration.Migrations.Undo;

namespace WaMigration.Commands;

/// <summary>
/// Begins a migration, or goes on with one: makes or opens its folder, locks it against a second run, and checks that it
/// is the same migration. With -Undo it begins the way back, or goes on with that: everything that it needs is looked at
/// before anything is done.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "WaMigration", SupportsShouldProcess = true, DefaultParameterSetName = ForwardSet)]
[OutputType(typeof(WaMigration))]
public sealed class StartWaMigrationCommand : WaCmdlet
{
    private const string ForwardSet = "Forward";
    private const string UndoSet = "Undo";

    // A number, since a field of an engine's enum would make the import load the engine.
    private int side;

    /// <summary>The migration's folder. Made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The guide's option: 1 settings only, 2 settings and messages, 3 all.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ForwardSet)]
    [ValidateRange(1, 3)]
    public int Option { get; set; }

    /// <summary>The old setup.</summary>
    [Parameter]
    public WaSetup? Source { get; set; }

    /// <summary>The new setup.</summary>
    [Parameter]
    public WaSetup? Destination { get; set; }

    /// <summary>Whose machines this run works on; with one side only, another company has the other.</summary>
    [Parameter(ParameterSetName = ForwardSet)]
    public WaMigrationSide Side { get => (WaMigrationSide)side; set => side = (int)value; }

    /// <summary>The folder in which the two companies exchange their files.</summary>
    [Parameter(ParameterSetName = ForwardSet)]
    public string? HandOverPath { get; set; }

    /// <summary>The databases stay where they are and only the client moves (Option 3).</summary>
    [Parameter(ParameterSetName = ForwardSet)]
    public SwitchParameter KeepDatabaseServer { get; set; }

    /// <summary>The run ends before that step.</summary>
    [Parameter(ParameterSetName = ForwardSet)]
    [ValidateRange(1, 10)]
    public int? PauseBefore { get; set; }

    /// <summary>Prepares, measures, and says what the real run would take; the old client is left alone (Options 2 and 3).</summary>
    [Parameter(ParameterSetName = ForwardSet)]
    public SwitchParameter Rehearsal { get; set; }

    /// <summary>With -Undo, where the new client has served on copied databases: they are copied back over the old ones.</summary>
    [Parameter(ParameterSetName = UndoSet)]
    public SwitchParameter CarryBack { get; set; }

    /// <summary>With -Undo, likewise: what came to the new client is given up.</summary>
    [Parameter(ParameterSetName = UndoSet)]
    public SwitchParameter DiscardNewMessages { get; set; }

    /// <summary>Undoes the migration that is in the folder. Afterwards it cannot be run forward any more.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UndoSet)]
    public SwitchParameter Undo { get; set; }

    /// <summary>The old client comes back by other means than its saved definitions, which are not looked for then.</summary>
    [Parameter(ParameterSetName = UndoSet)]
    public SwitchParameter WithoutDefinitions { get; set; }

    /// <summary>States that the databases of the old client are there, where that cannot be looked at.</summary>
    [Parameter(ParameterSetName = UndoSet)]
    public SwitchParameter OldDatabasesKept { get; set; }

    /// <summary>The $MyInvocation of the runbook; the command to go on is made of it.</summary>
    [Parameter]
    public InvocationInfo? Runbook { get; set; }

    /// <summary>The runbook's secret parameters, with the last step that needs each: @{ BackupPassword = 6 }.</summary>
    [Parameter]
    public IDictionary? SecretUntilStep { get; set; }

    /// <summary>The password of the settings backup. Where the backup is there already it is tried at once.</summary>
    [Parameter]
    public SecureString? BackupPassword { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, path, MyInvocation.MyCommand.Name).ConfigureAwait(false))
        {
            return;
        }

        var call = Runbook is null ? null : RunbookCalls.From(Runbook, ResolvePath);
        var options = new StartOptions
        {
            Path = path,
            Option = Option,
            Side = Side,
            Source = Source,
            Destination = Destination,
            HandOverPath = string.IsNullOrEmpty(HandOverPath) ? null : ResolvePath(HandOverPath!),
            Runbook = call,
            SecretsGiven = [.. (call?.Arguments ?? []).Where(argument => argument.Kind == RunbookArgumentKind.Secret).Select(argument => argument.Name)],
            SecretUntilStep = Secrets(),
            BackupPassword = BackupPassword,
            KeepsDatabases = KeepDatabaseServer,
            PauseBefore = PauseBefore,
            Rehearsal = Rehearsal,
            CarryBack = CarryBack,
            DiscardNewMessages = DiscardNewMessages,
            WithoutDefinitions = WithoutDefinitions,
            OldDatabasesKept = OldDatabasesKept,
        };
        var migration = Undo
            ? await UndoStarter.StartAsync(options, operation).ConfigureAwait(false)
            : await MigrationStarter.StartAsync(options, operation).ConfigureAwait(false);
        Output(migration);
    }

    private Dictionary<string, int> Secrets()
    {
        var secrets = new Dictionary<string, int>();
        foreach (DictionaryEntry entry in SecretUntilStep ?? new Hashtable())
        {
            secrets[(string)entry.Key] = Convert.ToInt32(entry.Value, CultureInfo.InvariantCulture);
        }

        return secrets;
    }
}
