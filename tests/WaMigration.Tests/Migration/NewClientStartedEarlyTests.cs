using WaLab.RealDocker;

namespace WaMigration.Tests.Migration;

/// <summary>Somebody starts the containers of the new client, which were made beforehand, before the runbook does.</summary>
public sealed class NewClientStartedEarlyTests
{
    [Fact]
    public async Task Before_the_last_comparison_it_is_refused_and_undone_and_after_it_the_migration_goes_on_with_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var lab = migration.Lab;

        // The databases are there from the copy beforehand, and not proved yet.
        migration.Migrate("-PauseBefore 4").MustSucceed();
        await StartAsync(lab.New.DirectDockerHost, cancellation);
        var refused = migration.Migrate();
        Assert.Equal(["NewClientStartedEarly"], refused.ErrorIds);
        Assert.All(lab.New.ContainerNames, name => Assert.Contains(name, refused.Describe(), StringComparison.Ordinal));

        // Stopped again it is no better: its keys have moved on, and the rows of the old ones must not come over them.
        migration.Run("$null = Stop-WaClient $new -Confirm:$false").MustSucceed();
        Assert.Equal(["NewClientStartedEarly"], migration.Migrate().ErrorIds);
        Assert.Contains("security code", migration.Run("(Get-WaMigration $common.Path).WayBack").Single().ToString(), StringComparison.Ordinal);

        migration.Undo().MustSucceed();
        Assert.Empty(lab.New.ContainerNames);
        await migration.CheckServiceAsync(lab.Old, restores: 1);

        // Once more, in a new folder; now the copy is proved before somebody starts it. The old client made anew has a new certificate.
        foreach (var database in await lab.ListDatabasesAsync(lab.New, cancellation))
        {
            await lab.ExecuteAsync(null, $"DROP DATABASE \"{database}\"", cancellation);
        }

        migration.Set("thumb", await lab.Old.GetCertificateThumbprintAsync(cancellation));
        migration.Run("$common.Path += '-again'; $lab.OldThumbprint = $thumb").MustSucceed();
        migration.Reconnect();
        migration.Migrate("-PauseBefore 5").MustSucceed();
        await StartAsync(lab.New.DirectDockerHost, cancellation);
        var goesOn = migration.Migrate().MustSucceed();
        Assert.Contains(goesOn.Warnings, line => line.StartsWith("Somebody started the new client 'new'", StringComparison.Ordinal));
        Assert.Equal(["0 Done", "1 Done", "2 Done", "3 Skipped", "4 Done", "5 Done"], migration.Steps().Take(6));
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New, restores: 1);
    }

    [Fact]
    public async Task What_a_given_action_started_counts_though_the_run_was_cut_off_in_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var lab = migration.Lab;
        migration.Migrate("-PauseBefore 5").MustSucceed();
        migration.Set("launch", (Action)(() => StartAsync(lab.New.DirectDockerHost, cancellation).GetAwaiter().GetResult()));

        var cut = migration.Migrate("-InstallAction { $launch.Invoke(); throw 'The power went.' }");
        Assert.StartsWith("The power went.", Assert.Single(cut.ErrorIds), StringComparison.Ordinal);

        // Nobody but its administrator knows the certificate of a client that an action installs.
        migration.Set("thumb", await lab.New.GetCertificateThumbprintAsync(cancellation));
        migration.Run("""
            $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -CertificateThumbprint $thumb -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.NamePrefix -DatabaseCredential ([pscredential]::new($lab.DatabaseUser, $lab.DatabasePassword))
            """).MustSucceed();

        // The new client has served: what it wrote is neither compared with the old rows nor written over.
        migration.Migrate("-InstallAction { }").MustSucceed();
        var journal = await File.ReadAllTextAsync(Path.Combine(migration.Folder, "events.jsonl"), cancellation);
        Assert.True(journal.LastIndexOf("\"databases-copying\"", StringComparison.Ordinal) < journal.IndexOf("\"client-starting\"", StringComparison.Ordinal));
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
    }

    private static async Task StartAsync(Uri host, CancellationToken cancellation)
    {
        using var docker = new DockerApiClient(host.LocalPath);
        foreach (var container in await docker.ContainersAsync(cancellation))
        {
            await docker.PostAsync($"containers/{container.Id}/start", null, cancellation);
        }
    }
}
