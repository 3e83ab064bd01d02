using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>A migration whose journal is told event by event, a second apart unless said otherwise.</summary>
internal sealed class JournalStory
{
    internal static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<JournalEvent> events = [];
    private MigrationRecord record = new()
    {
        Id = "id",
        Option = 1,
        PhoneNumber = "15550001",
        State = WaMigrationState.Running,
        Source = new SetupRecord
        {
            Name = "old",
            ApiUri = new Uri("https://old.example:9090"),
            UserName = "admin",
            DockerHosts = [new Uri("unix:///run/old.sock")],
            CertificateThumbprints = ["AB12"],
        },
        Destination = new SetupRecord { Name = "new", ApiUri = new Uri("https://new.example:9090"), UserName = "admin" },
        Steps = GuideSteps.For(1),
    };

    internal JournalStory Old(string kind, double? second = null, params (string Name, string Value)[] values) => Add(kind, "old", second, values);

    internal JournalStory New(string kind, double? second = null, params (string Name, string Value)[] values) => Add(kind, "new", second, values);

    internal JournalStory OfNone(string kind, double? second = null, params (string Name, string Value)[] values) => Add(kind, string.Empty, second, values);

    internal JournalStory With(Func<MigrationRecord, MigrationRecord> change)
    {
        record = change(record);
        return this;
    }

    internal MigrationSnapshot At(double second) => new("/m/1", record, [.. events], Noon.AddSeconds(second));

    internal WaMigration Seen(double second = 1000) => new(At(second));

    private JournalStory Add(string kind, string setup, double? second, (string Name, string Value)[] values)
    {
        events.Add(new JournalEvent(Noon.AddSeconds(second ?? events.Count), kind, setup, values.ToDictionary(value => value.Name, value => value.Value)));
        return this;
    }
}
