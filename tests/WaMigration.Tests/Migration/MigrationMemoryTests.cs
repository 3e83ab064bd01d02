using WaLab;
using WaLab.Servers;
using WaMigration.Tests.Kills;

namespace WaMigration.Tests.Migration;

/// <summary>The memory of the process that runs a whole migration does not grow with the data.</summary>
public sealed class MigrationMemoryTests
{
    /// <summary>A kilobyte a row, and every row twice as often with each doubling: about 270 MB.</summary>
    private const int Doublings = 18;

    [Theory(Explicit = true)]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task The_peak_of_a_full_migration_does_not_grow_with_its_data(LabDatabaseEngine engine)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var lab = await Lab.StartAsync(new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = engine }, cancellation);
        var store = lab.Old.NamePrefix + "messageStore";
        var key = engine == LabDatabaseEngine.PostgreSql ? "bigserial" : "bigint AUTO_INCREMENT";
        await lab.ExecuteAsync(store, $"CREATE TABLE history (id {key} PRIMARY KEY, body text)", cancellation);
        if (engine == LabDatabaseEngine.PostgreSql)
        {
            await lab.ExecuteAsync(store, $"ALTER TABLE history OWNER TO \"{lab.Old.DatabaseUser}\"", cancellation);
        }

        await lab.ExecuteAsync(store, "INSERT INTO history (body) VALUES (repeat('A long message. ', 64))", cancellation);
        for (var doubling = 0; doubling < Doublings; doubling++)
        {
            await lab.ExecuteAsync(store, "INSERT INTO history (body) SELECT body FROM history", cancellation);
        }

        for (var file = 0; file < 10; file++)
        {
            await lab.Old.Api.UploadMediaAsync(new byte[4_000_000], "image/png", cancellation);
        }

        var before = await StateBeforeMigration.ReadAsync(lab, cancellation);

        // It also says what the peak was, and refuses one that a migration without data would not come near.
        await MigrationUnderKill.CompleteAsync(lab, before, cancellation, option: 3);

        Assert.Equal((await lab.DigestAsync(lab.Old, "messageStore", cancellation))["history"], (await lab.DigestAsync(lab.New, "messageStore", cancellation))["history"]);
    }
}
