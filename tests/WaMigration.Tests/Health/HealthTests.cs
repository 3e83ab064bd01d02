using WaLab;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Health;

public sealed class HealthTests(BothClients clients) : IClassFixture<BothClients>
{
    [Fact]
    public void A_cluster_that_serves_is_healthy_and_an_unregistered_one_is_not()
    {
        var lab = clients.Lab;

        var health = lab.Run("Test-WaHealth $old");
        Assert.Equal("Healthy", health.Property("Status")!.ToString());
        Assert.Equal(true, health.Property("IsRegistered"));
        Assert.Equal(5, ((System.Collections.ICollection)health.Property("Nodes")!).Count);
        Assert.Equal(true, lab.Run("Test-WaHealth $old -Quiet").Single().BaseObject);

        var fresh = lab.Run("Test-WaHealth $new");
        Assert.Equal("Unhealthy", fresh.Property("Status")!.ToString());
        Assert.Equal(false, fresh.Property("IsRegistered"));
        Assert.Equal(false, lab.Run("Test-WaHealth $new -Quiet -Wait -TimeoutSec 1").Single().BaseObject);
    }

    [Fact]
    public async Task Health_that_never_gets_good_names_the_node_its_state_and_its_last_log_lines()
    {
        await using var lab = await SetupLab.StartAsync();
        var name = lab.Run("(Get-WaClient $old -Role Coreapp)[0].Name").Single().ToString();
        lab.Run("$null = Stop-WaClient $old -Role Coreapp").MustSucceed();

        var error = Assert.Single(lab.Run("Test-WaHealth $old -Wait -TimeoutSec 3").Errors);

        Assert.Equal("HealthNotReached,WaMigration.Commands.TestWaHealthCommand", error.FullyQualifiedErrorId);
        var text = error.ToString();
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("exited", text, StringComparison.Ordinal);
        Assert.Contains("Last lines of the log", text, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Lab.Old.DatabasePassword, text, StringComparison.Ordinal);
        Assert.Contains("Undo-WaMigration", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);

        lab.Run("$null = Stop-WaClient $old").MustSucceed();
        Assert.Equal(["ApiUnreachable"], lab.Run("Test-WaHealth $old").ErrorIds);
        Assert.Equal(false, lab.Run("Test-WaHealth $old -Quiet").Single().BaseObject);
    }

    [Fact]
    public async Task Support_information_statistics_and_messages()
    {
        var lab = clients.Lab;

        var support = lab.Run("Get-WaSupportInfo $old").MustSucceed().Output;
        Assert.Equal(5, support.Count);
        Assert.All(support, node => Assert.Equal(lab.Lab.Number, ScriptResult.Value(node, "debug_info")));
        Assert.All(support, node => Assert.NotEqual(string.Empty, ScriptResult.Value(node, "Node")));

        Assert.NotEmpty(lab.Run("Get-WaStatistics $old -Area App").MustSucceed().Output);
        var messages = lab.Run("Get-WaStatistics $old -Name db_messages");
        Assert.True(Convert.ToInt64(messages.Property("Value"), System.Globalization.CultureInfo.InvariantCulture) > 0);

        lab.Shell.Set("contact", Lab.TestContact);
        var sent = lab.Run("Send-WaMessage $old $contact 'migration test'");
        await ReachesServiceAsync(lab, (string)sent.Property("Id")!);
        lab.Run("Send-WaMessage $old $contact -Template hello -TemplateNamespace ns -TemplateParameter Ann").MustSucceed();
        Assert.Equal(["ReceiverNotUsable"], lab.Run("Send-WaMessage $old nobody hello").ErrorIds);

        var plan = lab.Run("Send-WaMessage $old $contact hello -WhatIf").MustSucceed();
        Assert.Empty(plan.Output);
        Assert.Single(plan.WhatIfLines);
    }

    /// <summary>Taken is not sent yet.</summary>
    private static async Task ReachesServiceAsync(SetupLab lab, string id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!(await lab.Lab.Service.GetMessagesAsync(lab.Lab.Number, limit.Token)).Any(message => message.Id == id))
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
