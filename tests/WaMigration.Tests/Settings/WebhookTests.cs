using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Settings;

public sealed class WebhookTests
{
    private const string SetWebhook = ",WaMigration.Commands.SetWaWebhookCommand";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_is_cleared_and_set_again_as_it_was()
    {
        await using var lab = await SetupLab.StartAsync();
        var before = lab.Run("$hook = Get-WaWebhook $old; $hook");
        Assert.Equal(lab.Lab.Webhook.Address, before.Property("Uri"));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", (string)before.Property("CaCertificate")!, StringComparison.Ordinal);

        lab.Run("Clear-WaWebhook $old -RemoveCaCertificate").MustSucceed();
        var cleared = lab.Run("Get-WaWebhook $old");
        Assert.Null(cleared.Property("Uri"));
        Assert.Null(cleared.Property("CaCertificate"));

        var set = lab.Run("$hook | Set-WaWebhook -Setup $old").MustSucceed();
        Assert.Contains("-RestartCoreapps", Assert.Single(set.Warnings), StringComparison.Ordinal);
        var after = lab.Run("Get-WaWebhook $old");
        foreach (var name in new[] { "Uri", "MaxConcurrentRequests", "CaCertificate" })
        {
            Assert.Equal(before.Property(name), after.Property(name));
        }

        Assert.Empty(lab.Run("Set-WaWebhook $old -MessageStatus sent,read -MaxConcurrentRequests 12 -RestartCoreapps").MustSucceed().Warnings);
        Assert.Equal(["sent", "read"], lab.Run("(Get-WaWebhook $old).MessageStatus").MustSucceed().Output.Select(item => item.ToString()));
        Assert.Equal("Healthy", lab.Run("Test-WaHealth $old -Wait -TimeoutSec 120").Property("Status")!.ToString());

        lab.Refuses("WebhookNotUsable" + SetWebhook, "Set-WaWebhook $old http://hook.example");
        var file = Path.Combine(lab.Lab.Folder, "ca.pem");
        await File.WriteAllTextAsync(file, "no certificate", Stop);
        lab.Refuses("CertificateNotUsable" + SetWebhook, "param($f) Set-WaWebhook $old -CaCertificatePath $f", ("f", file));
    }
}
