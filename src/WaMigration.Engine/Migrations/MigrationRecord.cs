using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations;

/// <summary>The content of migration.json.</summary>
internal sealed record MigrationRecord
{
    internal const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public int Format { get; init; } = CurrentFormat;

    public required string Id { get; init; }

    public required int Option { get; init; }

    public WaMigrationSide Side { get; init; }

    public WaMigrationState State { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string? PhoneNumber { get; init; }

    public SetupRecord? Source { get; init; }

    public SetupRecord? Destination { get; init; }

    public SourceFacts? SourceFacts { get; init; }

    /// <summary>Where the two companies exchange their files; null with one.</summary>
    public string? HandOverPath { get; init; }

    /// <summary>What the other company said of its new side; null where both sides are here.</summary>
    public ReadyFile? Ready { get; init; }

    /// <summary>What the other company handed over; null before, and where both sides are here.</summary>
    public HandedOverFile? HandedOver { get; init; }

    /// <summary>The other company's word that its new side serves.</summary>
    public HandOverDoneFile? Done { get; init; }

    public RunbookCall? Runbook { get; init; }

    /// <summary>Option 3 with the databases left where they are: only the client moves.</summary>
    public bool KeepsDatabases { get; init; }

    /// <summary>Secrets that the run was given, by parameter, with the last step that needs each.</summary>
    public IReadOnlyDictionary<string, int> Secrets { get; init; } = new Dictionary<string, int>();

    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>The way back; null where nobody has gone it.</summary>
    public UndoRecord? Undo { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? DatabasesMayGoAfter { get; init; }

    [JsonIgnore]
    internal bool IsCompleted => State == WaMigrationState.AwaitingRetention;

    internal StepRecord Step(int number) => Steps.First(step => step.Number == number);

    internal MigrationRecord WithStep(StepRecord changed) => this with { Steps = Replace(Steps, changed) };

    internal MigrationRecord WithUndoStep(StepRecord changed) => this with { Undo = Undo! with { Steps = Replace(Undo.Steps, changed) } };

    /// <summary>What a record means once no run is under way: whatever was running was interrupted.</summary>
    internal MigrationRecord AfterItsRun()
    {
        var ended = this with
        {
            Steps = Ended(Steps),
            Undo = Undo is null ? null : Undo with { Steps = Ended(Undo.Steps) },
        };
        if (State != WaMigrationState.Running)
        {
            return ended;
        }

        return ended with { State = Steps.All(step => step.State == WaStepState.NotStarted) ? WaMigrationState.Planned : WaMigrationState.Interrupted };
    }

    private static IReadOnlyList<StepRecord> Replace(IReadOnlyList<StepRecord> steps, StepRecord changed) =>
        [.. steps.Select(step => step.Number == changed.Number ? changed : step)];

    private static IReadOnlyList<StepRecord> Ended(IReadOnlyList<StepRecord> steps) =>
        [.. steps.Select(step => step.State == WaStepState.Running ? step with { State = WaStepState.Interrupted } : step)];

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads a record.</summary>
    internal static MigrationRecord Parse(byte[] content, string path)
    {
        try
        {
            using (var document = JsonDocument.Parse(content))
            {
                if (document.RootElement.TryGetProperty("format", out var format)
                    && format.TryGetInt32(out var number)
                    && number > CurrentFormat)
                {
                    throw MigrationErrors.MigrationFormatNewer.Error(path, number, CurrentFormat);
                }
            }

            var record = JsonSerializer.Deserialize<MigrationRecord>(content, Json);
            if (record is null || !record.Steps.Select(step => step.Number).SequenceEqual(GuideSteps.For(record.Option).Select(step => step.Number)))
            {
                throw MigrationErrors.MigrationRecordDamaged.Error(path, MigrationText.Catalog["RecordIncomplete"]);
            }

            return record;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw MigrationErrors.MigrationRecordDamaged.Error(path, failure, [], failure.Message);
        }
    }
}
