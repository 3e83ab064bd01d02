using WaLab.RealDocker;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>What can go wrong around Options 2 and 3 while nobody looks, on one lab from one mishap to the next.</summary>
public sealed class DatabaseMigrationBadLuckTests
{
    [Fact]
    public async Task Whatever_happens_in_the_downtime_is_refused_by_name_and_the_migration_goes_on_afterwards()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var lab = migration.Lab;

        // Databases that are there and nobody's copy.
        await lab.ExecuteAsync(null, $"CREATE DATABASE \"{lab.New.NamePrefix}messageStore\"", cancellation);
        await lab.ExecuteAsync(lab.New.NamePrefix + "messageStore", "CREATE TABLE other (id int)", cancellation);
        var foreign = migration.Migrate();
        Assert.Equal(["ChecksFailed"], foreign.ErrorIds);
        Assert.Contains("DestinationDatabase", foreign.Describe(), StringComparison.Ordinal);
        await lab.ExecuteAsync(null, $"DROP DATABASE \"{lab.New.NamePrefix}messageStore\"", cancellation);

        migration.Migrate("-PauseBefore 4").MustSucceed();

        // Somebody brings the old client up again by its compose file.
        await lab.Old.StartAgainAsync(cancellation);
        Assert.Equal(["ClientStillWriting"], migration.Migrate().ErrorIds);
        await RemoveAsync(lab.Old.DirectDockerHost, cancellation);

        // The folder is deleted, and with it everything that this migration knew.
        Directory.Delete(migration.Folder, recursive: true);
        migration.Reconnect();
        var found = migration.Migrate("-PauseBefore 5");
        Assert.Contains(found.MustSucceed().Warnings, line => line.StartsWith("This folder is new, and 'old' is gone already", StringComparison.Ordinal));
        Assert.Equal(["0 Done", "1 Done", "2 Done", "3 Skipped", "4 Done", "5 NotStarted"], migration.Steps().Take(6));

        // The old client again, now when the new one would start.
        await lab.Old.StartAgainAsync(cancellation);
        Assert.Equal(["ClientStillWriting"], migration.Migrate().ErrorIds);
        await RemoveAsync(lab.Old.DirectDockerHost, cancellation);

        // What it wrote meanwhile is not left behind: the databases are compared again before the new client starts.
        await lab.ExecuteAsync(lab.Old.NamePrefix + "contactStore", "INSERT INTO contacts (wa_id, display_name, is_whatsapp_user, checked_at) VALUES ('15550009999', 'Late', true, 1)", cancellation);
        migration.Migrate("-PauseBefore 5").MustSucceed();
        Assert.Equal(await migration.DigestsAsync(lab.Old), await migration.DigestsAsync(lab.New));

        migration.Migrate().MustSucceed();
        await migration.LogInOnNewAsync();
        var number = await lab.Service.GetNumberAsync(lab.Number, cancellation);
        Assert.Equal((0, 0, 0), (number.KeyErrors, number.CounterErrors, number.DuplicateMessages));
    }

    private static async Task RemoveAsync(Uri host, CancellationToken cancellation)
    {
        using var docker = new DockerApiClient(host.LocalPath);
        foreach (var container in await docker.ContainersAsync(cancellation))
        {
            await docker.DeleteAsync($"containers/{container.Id}?force=1", cancellation);
        }
    }
}
