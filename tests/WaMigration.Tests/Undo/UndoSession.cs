using System.Text.Json.Nodes;
using WaLab;
using WaLab.Proxies;
using WaLab.RealDocker;
using WaLab.Service;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Kills;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Undo;

/// <summary>A small lab on which a migration is brought somewhere, cut off, and undone; what must be so afterwards.</summary>
internal sealed class UndoSession : IAsyncDisposable
{
    private const string Forward = "& $runbook -Source $old -Destination $new @common -TwoStepPin $pin -ResetWebhook @hook";
    private const string Backward = "& $undo -Source $old -Destination $new @back -TwoStepPin $pin";
    private static readonly LabTopology Small = new(1, 2, 1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly MigrationSession session;
    private readonly ServiceNumber before;
    private readonly IReadOnlyDictionary<string, string> containers;
    private readonly IReadOnlyList<string> databases;
    private readonly IReadOnlyList<string> contacts;

    private UndoSession(
        MigrationSession session,
        ServiceNumber before,
        IReadOnlyDictionary<string, string> containers,
        IReadOnlyList<string> databases,
        IReadOnlyList<string> contacts)
    {
        this.session = session;
        this.before = before;
        this.containers = containers;
        this.databases = databases;
        this.contacts = contacts;
    }

    internal Lab Lab => session.Lab;

    internal string Folder => session.Folder;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<UndoSession> StartAsync(LabOptions? options = null)
    {
        var session = await MigrationSession.StartAsync(options ?? new LabOptions { Topology = Small });
        session.Shell.Set("undo", ModuleUnderTest.Runbook("Undo-WaMigration.ps1"));
        session.Run("""
            $back = @{ Path = $common.Path; BackupPassword = $common.BackupPassword; TestRecipient = $common.TestRecipient; HealthTimeoutSec = 60; AllowUndelivered = $true; Confirm = $false }
            """).MustSucceed();
        var messages = await session.Lab.Service.GetMessagesAsync(session.Lab.Number, Cancellation);
        return new UndoSession(
            session,
            await session.Lab.Service.GetNumberAsync(session.Lab.Number, Cancellation),
            await DefinitionsAsync(session.Lab),
            await session.Lab.ListDatabasesAsync(session.Lab.Old, Cancellation),
            [.. messages.Select(message => message.Contact).Distinct()]);
    }

    internal ScriptResult Run(string script) => session.Run(script);

    internal void Set(string name, object? value) => session.Shell.Set(name, value);

    /// <summary>The whole migration.</summary>
    internal void Migrate() => Run(Forward).MustSucceed();

    internal ScriptResult MigrateAgain() => Run(Forward);

    /// <summary>The migration, stopped while this request of a step is on its way; then the setups are described anew.</summary>
    internal async Task MigrateUntilAsync(int step, HoldPoint when)
    {
        var point = KillPoint.All.Single(p => p.Step == step);
        await StopAtAsync(Forward, Lab.HoldAt(point.Link, point.Method, point.Path, when, point.Occurrence, point.OnlyWhile(Folder)));
    }

    internal ScriptResult Undo(string more = "") => Run($"{Backward} {more}");

    /// <summary>The undo, stopped while a request is on its way; then the setups are described anew.</summary>
    internal Task UndoUntilAsync(LabLink link, string method, string path, HoldPoint when, int occurrence = 1) =>
        StopAtAsync(Backward, Lab.HoldAt(link, method, path, when, occurrence));

    /// <summary>The old side serves as before, and the new one is gone with its databases kept.</summary>
    /// <param name="restores">How many restores must have been carried out in all.</param>
    /// <param name="newDatabases">The new client had made its databases.</param>
    internal async Task CheckAsync(int restores, bool newDatabases = true)
    {
        Assert.Equal(
            "Undone Source",
            Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        var now = await DefinitionsAsync(Lab);
        Assert.Equal(containers.Keys, now.Keys);
        Assert.All(containers, container => Assert.Equal(container.Value, now[container.Key]));
        Assert.Equal(databases, await Lab.ListDatabasesAsync(Lab.Old, Cancellation));
        Assert.Empty(Lab.New.ContainerNames);
        Assert.Equal(newDatabases, (await Lab.ListDatabasesAsync(Lab.New, Cancellation)).Count > 0);

        await Lab.Old.WaitHealthyAsync(TimeSpan.FromSeconds(20), Cancellation);
        foreach (var contact in contacts)
        {
            var question = "To " + contact;
            await Lab.Service.SendInboundAsync(Lab.Number, contact, question, Cancellation);
            await Lab.Webhook.WaitForAsync(call => call.Messages.Any(message => message.Text == question), TimeSpan.FromSeconds(20), Cancellation);
            var id = await Lab.Old.Api.SendTextAsync(contact, "From the old client", Cancellation);
            await Lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), Cancellation);
        }

        await CheckServiceAsync(restores);
        var settings = (await Lab.Old.Api.CallAsync(HttpMethod.Get, "/v1/settings/application", null, Cancellation))!.ToJsonString();
        Assert.Contains(Lab.Webhook.Address.ToString(), settings, StringComparison.Ordinal);
        Assert.Equal(["MigrationIsUndone"], MigrateAgain().ErrorIds);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task CheckServiceAsync(int restores)
    {
        var after = await Lab.Service.GetNumberAsync(Lab.Number, Cancellation);
        Assert.True(after.Registered);
        Assert.Equal(before.RegistrationId, after.RegistrationId);
        Assert.Equal(before.RegisteredAt, after.RegisteredAt);
        Assert.Equal(before.RegistrationAttempts, after.RegistrationAttempts);
        Assert.Equal((0, 0), (after.Removed, after.Renewed));
        Assert.Equal(restores, after.Restores);
        Assert.Equal(before.IdentityUploads + restores, after.IdentityUploads);
        Assert.Equal(0, after.Kicks);
        Assert.Equal(0, after.KeyErrors);
        Assert.Equal(0, after.CounterErrors);
        Assert.Equal(0, after.DuplicateMessages);
        Assert.True(after.TwoStep);
        Assert.Equal(before.Client, Assert.Single(after.Connected.Select(node => node.Client).Distinct()), FingerprintOnly);
    }

    /// <summary>A restore makes a client another instance; the databases that it runs on stay the same.</summary>
    private static bool FingerprintOnly(string? one, string? other) => one?.Split('-', 2)[^1] == other?.Split('-', 2)[^1];

    private async Task StopAtAsync(string script, ProxyHold hold)
    {
        using (hold)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var running = session.Shell.RunAsync(script, null, stop.Token);
            await Task.WhenAny(hold.Arrived, running).WaitAsync(Patience, Cancellation);
            Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Describe() : string.Empty);
            await stop.CancelAsync();
            await running;
            await hold.ClientGone.WaitAsync(Patience, Cancellation);
        }

        Reconnect();
    }

    /// <summary>
    /// As in a new session: nothing that the stopped one had seen is known, but for what is in the folder. A Webapp that was
    /// made anew has a new certificate, whose pin the next command names.
    /// </summary>
    private void Reconnect()
    {
        Set("there", Lab.Old.ContainerNames.Any(name => name.Contains("waweb", StringComparison.Ordinal)));
        Run("""
            $pins = [regex]::Matches((Get-WaMigration $common.Path).NextCommand.Split([char]10)[0], '[0-9A-F]{64}') | ForEach-Object { $_.Value }
            $old = Connect-WaSetup -Name old -NotInstalled:(-not $there) -ApiUri $lab.OldApi -DockerHost $lab.OldDockerHost -CertificateThumbprint $pins -Credential ([pscredential]::new('admin', $lab.OldPassword))
            $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword
            """).MustSucceed();
    }

    /// <summary>What each container of the old side was made with, and that it runs.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> DefinitionsAsync(Lab lab)
    {
        using var docker = new DockerApiClient(lab.Old.DirectDockerHost.LocalPath);
        var definitions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in await docker.ContainersAsync(Cancellation))
        {
            var found = await docker.GetAsync($"containers/{container.Id}/json", Cancellation);
            var host = found["HostConfig"]!;
            var config = found["Config"]!;
            definitions[container.Name] = string.Join('\n', (string[])
            [
                $"running {found["State"]!["Running"]}",
                $"image {config["Image"]} {found["Image"]}",
                $"command {config["Cmd"]?.ToJsonString()} entrypoint {config["Entrypoint"]?.ToJsonString()}",
                $"restart {host["RestartPolicy"]!["Name"]} {host["RestartPolicy"]!["MaximumRetryCount"] ?? 0}",
                $"capabilities {host["CapDrop"]?.ToJsonString()} network {host["NetworkMode"]}",
                .. Texts(config["Env"]).Order(StringComparer.Ordinal),
                .. (config["Labels"] as JsonObject ?? []).Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal),
                .. host["PortBindings"]!.AsObject().SelectMany(port => port.Value!.AsArray().Select(binding => $"{port.Key} at {binding!["HostIp"]}:{binding["HostPort"]}")).Order(StringComparer.Ordinal),
                .. found["Mounts"]!.AsArray().Select(mount => $"{mount!["Type"]} {mount["Name"]} at {mount["Destination"]}, {mount["RW"]}"),
                .. found["NetworkSettings"]!["Networks"]!.AsObject().Select(network =>
                    $"{network.Key}: {string.Join(' ', Texts(network.Value!["Aliases"]).Where(alias => !container.Id.StartsWith(alias, StringComparison.Ordinal)))}"),
            ]);
        }

        return definitions;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!.ToString());
}
