namespace WaMigration.Migrations;

/// <summary>The ten steps of each option, in the guide's order.</summary>
internal static class GuideSteps
{
    internal static IReadOnlyList<StepRecord> For(int option) =>
    [
        .. Enumerable.Range(1, MigrationRecord.StepCount).Select(number => new StepRecord
        {
            Number = number,
            Name = MigrationText.Catalog[$"Option{option}Step{number}"],
        }),
    ];
}
