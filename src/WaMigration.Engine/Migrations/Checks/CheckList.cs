namespace WaMigration.Migrations.Checks;

/// <summary>Which checks belong to which phase, in the order in which they are shown.</summary>
internal static class CheckList
{
    private static readonly IReadOnlyList<MigrationCheck> Plan =
    [
        new("SourceDockerHosts", HostChecks.SourceHostsAsync),
        new("DestinationDockerHosts", HostChecks.DestinationHostsAsync),
        new("Images", HostChecks.ImagesAsync),
        new("WebappPort", HostChecks.WebappPortAsync),
        new("DestinationDatabase", DatabaseChecks.DestinationAsync),
        new("SeparateDatabases", DatabaseChecks.SeparateAsync),
        new("SourceTopology", TopologyChecks.SourceReadableAsync),
        new("SourceHealth", ClientChecks.SourceHealthAsync),
        new("SourceNumber", ClientChecks.SourceNumberAsync),
        new("BuildExpiry", ClientChecks.BuildExpiryAsync),
        new("SourceToken", ClientChecks.SourceTokenAsync),
        new("Clocks", ClockChecks.AgreeAsync),
        new("Room", HostChecks.RoomAsync),
        new("Rehearsal", ClientChecks.RehearsalAsync),
        new("ExpectedOutage", OutageEstimate.LookAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> SameShape =
    [
        new("Version", TopologyChecks.VersionAsync),
        new("Masters", TopologyChecks.MastersAsync),
        new("Coreapps", TopologyChecks.CoreappsAsync),
        new("Shards", TopologyChecks.ShardsAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> Ready =
    [
        new("DestinationAnswers", ClientChecks.DestinationAnswersAsync),
        new("DestinationUnregistered", ClientChecks.DestinationUnregisteredAsync),
        .. SameShape,
    ];

    private static readonly IReadOnlyList<MigrationCheck> CutOver =
    [
        new("Backup", CutOverChecks.BackupAsync),
        new("BackupIsCurrent", CutOverChecks.BackupIsCurrentAsync),
        new("Secrets", CutOverChecks.SecretsAsync),
        new("SourceRegistered", CutOverChecks.SourceRegisteredAsync),
        new("Undelivered", CutOverChecks.UndeliveredAsync),
        new("DestinationAnswers", ClientChecks.DestinationAnswersAsync),
        new("DestinationUnregistered", ClientChecks.DestinationUnregisteredAsync),
        new("DestinationToken", ClientChecks.DestinationTokenAsync),
        .. SameShape,
    ];

    private static readonly IReadOnlyList<MigrationCheck> Stopped =
    [
        new("SourceStopped", ServedChecks.SourceStoppedAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> Served =
    [
        new("DestinationHealth", ServedChecks.HealthAsync),
        new("Webhook", ServedChecks.WebhookAsync),
        new("TestMessage", ServedChecks.TestMessageAsync),
        new("OldToken", TokenChecks.OldIsVoidAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> PlanWithDatabases =
    [
        .. Plan.Where(check => check.Name is not ("DestinationDatabase" or "SeparateDatabases" or "ExpectedOutage")),
        new("DestinationDatabase", CopyChecks.TargetAsync),
        new("SeparateDatabases", CopyChecks.SeparateAsync),
        new("SameDatabases", CopyChecks.SameDatabasesAsync),
        new("CopyPossible", CopyChecks.PossibleAsync),
        new("CopySize", CopyChecks.SizeAsync),
        new("ExpectedOutage", OutageEstimate.LookAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> CutOverWithDatabases =
    [
        new("Backup", CutOverChecks.BackupAsync),
        new("BackupIsCurrent", CutOverChecks.BackupIsCurrentAsync),
        new("Secrets", CutOverChecks.SecretsAsync),
        new("SourceRegistered", CutOverChecks.SourceRegisteredAsync),
        new("Undelivered", CutOverChecks.CarriedAsync),
        new("CopiedBeforehand", CopyChecks.BeforehandAsync),
        new("DestinationDockerHosts", HostChecks.DestinationHostsAsync),
        new("PlannedTopology", TopologyChecks.PlannedAsync),
    ];

    private static readonly IReadOnlyList<MigrationCheck> CutOverWithTokens =
    [
        .. CutOverWithDatabases,
        new("ApplicationToken", TokenChecks.BackupAsync),
        new("TokenKeys", TokenChecks.KeysAsync),
    ];

    /// <summary>A check that compares both sides.</summary>
    internal static bool IsOfBothSides(string name) => SameShape.Any(check => check.Name == name);

    internal static IReadOnlyList<MigrationCheck> For(WaCheckPhase phase, int option) => phase switch
    {
        WaCheckPhase.Plan when GuideSteps.MovesDatabases(option) => PlanWithDatabases,
        WaCheckPhase.CutOver when option == 3 => CutOverWithTokens,
        WaCheckPhase.CutOver when GuideSteps.MovesDatabases(option) => CutOverWithDatabases,
        WaCheckPhase.Plan => Plan,
        WaCheckPhase.Ready => Ready,
        WaCheckPhase.CutOver => CutOver,
        WaCheckPhase.Stopped => Stopped,
        _ => Served,
    };
}
