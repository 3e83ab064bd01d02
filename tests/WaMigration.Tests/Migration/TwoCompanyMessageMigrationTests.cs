using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Option 2 between two companies: each side sees its own machines and the folder of the exchange.</summary>
public sealed class TwoCompanyMessageMigrationTests
{
    [Fact]
    public async Task Databases_and_media_are_handed_over_encrypted_and_the_number_moves_with_its_messages()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var lab = migration.Lab;
        var media = await lab.Old.Api.UploadMediaAsync([1, 2, 3, 4], "image/png", cancellation);
        var exchange = Path.Combine(lab.Folder, "exchange");
        migration.Set("exchange", exchange);
        migration.Run("$ours = $common.Clone(); $ours.Path = $common.Path + '-source'; $theirs = $common.Clone(); $theirs.Path = $common.Path + '-destination'").MustSucceed();
        const string Destination = "& $runbook -Side Destination -HandOverPath $exchange -Destination $new @theirs @hook";
        const string Source = "& $runbook -Side Source -HandOverPath $exchange -Source $old @ours -ResetWebhook";

        Assert.Equal(["HandOverMissing"], migration.Run(Destination).ErrorIds);

        Assert.Equal("AwaitingHandOver", State(migration.Run(Source)));
        Assert.Empty(lab.Old.ContainerNames);
        Assert.False(File.Exists(Path.Combine(exchange, "settings-backup")));

        Assert.Equal("AwaitingRetention", State(migration.Run(Destination)));
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
        Assert.Equal([1, 2, 3, 4], await lab.New.Api.DownloadMediaAsync(media, cancellation));
        Assert.Equal("AwaitingRetention", State(migration.Run(Source)));
        Assert.DoesNotContain(lab.Old.DatabasePassword, string.Concat(Directory.GetFiles(exchange).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    private static string State(ScriptResult result) => ScriptResult.Value(result.MustSucceed().Single(), "State")!.ToString()!;
}
