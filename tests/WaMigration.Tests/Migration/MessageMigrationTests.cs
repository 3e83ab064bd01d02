using WaLab;
using WaLab.Servers;

namespace WaMigration.Tests.Migration;

/// <summary>Option 2 by its runbook, on a lab.</summary>
public sealed class MessageMigrationTests
{
    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task Rehearsed_and_paused_it_moves_settings_and_messages_and_leaves_users_and_tokens_behind(LabDatabaseEngine engine)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2, new LabOptions { DatabaseEngine = engine });
        var lab = migration.Lab;
        var databases = await lab.ListDatabasesAsync(lab.Old, cancellation);

        var rehearsal = migration.Migrate("-Rehearsal").MustSucceed();

        Assert.Contains(rehearsal.Warnings, line => line.StartsWith("Rehearsed: 'old' was left alone", StringComparison.Ordinal));
        Assert.Equal("Planned Source", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        var id = await lab.Old.Api.SendTextAsync(Lab.TestContact, "Sent after the rehearsal", cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), cancellation);

        migration.Migrate("-TwoStepPin $pin -ResetWebhook @hook -PauseBefore 5").MustSucceed();

        Assert.Equal("Paused None", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.Equal(await migration.DigestsAsync(lab.Old), await migration.DigestsAsync(lab.New));
        Assert.DoesNotContain(lab.New.NamePrefix + "waweb", await lab.ListDatabasesAsync(lab.New, cancellation));

        var thumbprint = PrepareManualPlaces(migration);
        migration.Migrate("-TwoStepPin $pin -ResetWebhook @hook -ExternalCertificatePath $certificate -MediaProviderPath $providers").MustSucceed();

        await CheckManualPlacesAsync(migration, thumbprint, cancellation);
        Assert.Equal(Enumerable.Range(0, 11).Select(number => number + (number == 3 ? " Skipped" : " Done")), migration.Steps());
        Assert.Equal(
            "AwaitingRetention Destination True True",
            migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy) $($m.OutboundDowntime.IsOver) $($m.InboundDowntime.IsOver)\"").Single().ToString());
        Assert.NotNull(migration.Run("$m.FirstMessageDelivered").Single());
        Assert.Empty(lab.Old.ContainerNames);
        Assert.Equal(databases, await lab.ListDatabasesAsync(lab.Old, cancellation));
        Assert.Equal("False", migration.Run("(Test-WaToken $new -Source $old).IsAccepted").Single().ToString());
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
        Assert.True((await lab.Service.GetNumberAsync(lab.Number, cancellation)).TwoStep);
        CheckReport(migration, databases);
    }

    /// <summary>A certificate for the new API, and a media provider with its secret, in files; the certificate's thumbprint.</summary>
    private static string PrepareManualPlaces(DatabaseMigration migration)
    {
        var providers = Path.Combine(migration.Lab.Folder, "providers.json");
        File.WriteAllText(providers, """[{"name":"shop","type":"www","config":{"bearer":"provider-secret"}}]""");
        migration.Set("providers", providers);
        return migration.IssueCertificate();
    }

    /// <summary>What no backup holds was set again, node after node, and its secret is nowhere in the record.</summary>
    private static async Task CheckManualPlacesAsync(DatabaseMigration migration, string thumbprint, CancellationToken cancellation)
    {
        var lab = migration.Lab;
        Assert.Equal(thumbprint, await lab.New.GetCertificateThumbprintAsync(cancellation));
        Assert.Equal("shop", migration.Run("(Get-WaMediaProvider $new).name").Single().ToString());
        Assert.All(Directory.GetFiles(migration.Folder), file => Assert.DoesNotContain("provider-secret", File.ReadAllText(file), StringComparison.Ordinal));
        migration.Run("Set-WaCertificate $new Webhook $hook.WebhookCaCertificatePath -Restart").MustSucceed();
        var restarts = lab.New.DockerProxy!.Requests.Where(request => request.Method == "POST" && request.Path.Contains("/restart", StringComparison.Ordinal)).ToList();
        Assert.Equal(lab.New.Topology.Coreapps + lab.New.Topology.Webapps, restarts.Count);
        Assert.All(restarts.Zip(restarts.Skip(1)), pair => Assert.True(pair.Second.Time - pair.First.Time > TimeSpan.FromSeconds(0.9), "Two nodes were restarted at once."));
    }

    /// <summary>The report of the whole: both moments of the copies, every table, the kept databases, and no secret.</summary>
    private static void CheckReport(DatabaseMigration migration, IEnumerable<string> databases)
    {
        var path = migration.Run("(Export-WaMigrationReport $common.Path).Path").Single().ToString();
        var report = File.ReadAllText(path);

        Assert.Contains("<td>before the downtime</td>", report, StringComparison.Ordinal);
        Assert.Contains("<td>within the downtime</td>", report, StringComparison.Ordinal);
        var digests = migration.Run("[IO.File]::ReadAllLines($common.Path + '/events.jsonl') | Where-Object { $_ -match 'databases-copied' }").MustSucceed().Output;
        var tables = System.Text.Json.Nodes.JsonNode.Parse(digests[^1].ToString())!["values"]!["digests"]!.ToString().Split("; ");
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Contains($"<td>{table[..table.LastIndexOf(' ')]}</td><td>{table[(table.LastIndexOf(' ') + 1)..]}</td>", report, StringComparison.Ordinal));
        Assert.All(databases, database => Assert.Contains($"<td>{database}</td><td>kept</td>", report, StringComparison.Ordinal));
        Assert.Contains("<h2>Media</h2>", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>lasts</td>", report, StringComparison.Ordinal);
        var lab = migration.Lab;
        Assert.All(
            new[] { "backup of the lab", lab.Old.Password, lab.New.NewPassword, lab.Old.DatabasePassword, lab.New.DatabasePassword },
            secret => Assert.DoesNotContain(secret, report, StringComparison.Ordinal));
    }
}
