namespace WaMigration.Migrations;

/// <summary>
/// The ten steps of each option, in the guide's order. Before those of Options 2 and 3 stands a step of our own, number 0:
/// what can be done while the old client still serves.
/// </summary>
internal static class GuideSteps
{
    /// <summary>The guide's last step.</summary>
    internal const int Last = 10;

    /// <summary>The steps' numbers in the guide's three lists.</summary>
    internal const int Prepare = 0;
    internal const int SetWebhooks = 9;

    internal static IReadOnlyList<StepRecord> For(int option) =>
    [
        .. Enumerable.Range(First(option), Last + 1 - First(option)).Select(number => new StepRecord
        {
            Number = number,
            Name = MigrationText.Catalog[$"Option{option}Step{number}"],
        }),
    ];

    /// <summary>Whether an option moves databases.</summary>
    internal static bool MovesDatabases(int option) => option > 1;

    /// <summary>Where the old client is uninstalled.</summary>
    internal static int Uninstall(int option) => option switch { 1 => 5, 2 => 2, _ => 3 };

    /// <summary>The last step on the old company's machines, before it hands over.</summary>
    internal static int LastOfSource(int option) => option switch { 1 => 5, 2 => 3, _ => 4 };

    /// <summary>Where databases are restored for the new client (Options 2 and 3).</summary>
    internal static int RestoreDatabases(int option) => option == 2 ? 4 : 5;

    /// <summary>Where the new one is installed.</summary>
    internal static int Install(int option) => option switch { 1 => 1, 2 => 5, _ => 6 };

    private static int First(int option) => MovesDatabases(option) ? Prepare : Prepare + 1;
}
