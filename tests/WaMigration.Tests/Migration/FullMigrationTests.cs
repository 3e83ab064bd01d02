using WaLab;
using WaLab.Servers;

namespace WaMigration.Tests.Migration;

/// <summary>Option 3 by its runbook, on a lab.</summary>
public sealed class FullMigrationTests
{
    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MariaDb)]
    public async Task A_client_moves_as_it_is_with_its_users_and_tokens(LabDatabaseEngine engine)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(3, new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = engine });
        var lab = migration.Lab;
        migration.Run("$null = New-WaUser $old -Name shopkeeper -Password $lab.OldPassword").MustSucceed();
        var token = await lab.Old.Api.TokenOfAsync("shopkeeper", lab.Old.Password, cancellation);
        migration.Set("token", MigrationSession.Conceal(token));

        // Its certificate is in waweb and comes along, too.
        var thumbprint = migration.IssueCertificate();
        migration.Run("Set-WaCertificate $old External $certificate -Restart").MustSucceed();

        // By way of an archive on one engine, straight from server to server on the other.
        var isArchived = engine == LabDatabaseEngine.PostgreSql;
        migration.Migrate("-Token $token -TwoStepPin $pin" + (isArchived ? " -Transfer Archive" : string.Empty)).MustSucceed();

        Assert.Equal(Enumerable.Range(0, 11).Select(number => number + (number == 4 && !isArchived ? " Skipped" : " Done")), migration.Steps());
        Assert.Equal("True", migration.Run("(Test-WaToken $new -Token $token).IsAccepted").Single().ToString());
        Assert.Equal("shopkeeper", migration.Run("(Get-WaUser $new -Name shopkeeper).Name").Single().ToString());
        Assert.Equal(thumbprint, await lab.New.GetCertificateThumbprintAsync(cancellation));
        Assert.Empty(lab.Old.ContainerNames);
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
    }

    [Fact]
    public async Task With_its_databases_left_where_they_are_only_the_client_moves()
    {
        await using var migration = await DatabaseMigration.StartAsync(3);
        var lab = migration.Lab;
        migration.DescribeNewOnOldDatabases();

        migration.Migrate("-KeepDatabaseServer").MustSucceed();

        Assert.Equal(
            ["0 Done", "1 Skipped", "2 Done", "3 Done", "4 Skipped", "5 Done", "6 Done", "7 Done", "8 Skipped", "9 Done", "10 Skipped"],
            migration.Steps());
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);

        migration.Undo().MustSucceed();

        await migration.CheckServiceAsync(lab.Old);
    }

    [Fact]
    public async Task A_token_that_ends_too_soon_is_refused_and_a_migration_beside_it_in_the_same_process_does_not_notice()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var failing = await DatabaseMigration.StartAsync(3);
        await using var other = await DatabaseMigration.StartAsync(2);

        var results = await Task.WhenAll(failing.MigrateAsync("-ExpectedDuration '30.00:00:00'", cancellation), other.MigrateAsync(string.Empty, cancellation));

        Assert.Equal(["TokenTooShortLived"], results[0].ErrorIds);
        Assert.Equal("Failed Source", failing.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        results[1].MustSucceed();
        await other.LogInOnNewAsync();
        await other.CheckServiceAsync(other.Lab.New);
    }
}
