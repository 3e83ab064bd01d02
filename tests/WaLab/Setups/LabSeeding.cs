using System.Text.Json.Nodes;
using WaLab.Service;
using WaLab.Webhooks;

namespace WaLab.Setups;

/// <summary>Brings the old client to where a migration finds it: registered, connected, with a webhook, exchanging messages.</summary>
internal sealed class LabSeeding(LabOptions options, LabSetup setup, ServiceControl service, WebhookReceiver webhook, string number)
{
    // On real hosts every node is a process that must start, and several engines start theirs at the same time.
    private TimeSpan Patience { get; } = options.Hosts == LabHosts.Embedded ? TimeSpan.FromSeconds(60) : TimeSpan.FromMinutes(5);

    public static string ContactId(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1202555{1000 + index}");

    public async Task RunAsync(IReadOnlyDictionary<string, string> containers, CancellationToken cancellationToken)
    {
        await service.RegisterAsync(
            number,
            "Lab business",
            [.. containers.Values.Select(id => id[..12])],
            setup.Topology.Masters + setup.Topology.Coreapps,
            Patience,
            cancellationToken);
        options.Log("old client is registered");
        await setup.Api.LoginAsync(setup.Password, setup.NewPassword, cancellationToken);
        setup.Password = setup.NewPassword;
        await WhenReadyAsync(
            () => setup.Api.CallAsync(
                HttpMethod.Patch,
                "/v1/settings/application",
                new JsonObject
                {
                    ["webhooks"] = new JsonObject
                    {
                        ["url"] = webhook.Address.ToString(),
                        ["message"] = new JsonObject { ["sent"] = true, ["delivered"] = true, ["read"] = true },
                    },
                },
                cancellationToken),
            cancellationToken);
        await WhenReadyAsync(() => setup.Api.SetWebhookCaAsync(webhook.CaPem, cancellationToken), cancellationToken);
        await new ComposeClient(setup).RestartCoreappsAsync(cancellationToken);
        options.Log("old client restarts with its webhook");
        await HealthWatch.WaitAsync(setup, Patience, cancellationToken);
        options.Log("old client is connected");
        if (options.TwoStep)
        {
            await WhenReadyAsync(
                () => setup.Api.CallAsync(HttpMethod.Post, "/v1/settings/account/two-step", new JsonObject { ["pin"] = Lab.Pin }, cancellationToken),
                cancellationToken);
        }

        await ExchangeAsync(cancellationToken);
    }

    /// <summary>On a busy machine Masters elect and nodes start for a while; what answers "not ready" did nothing.</summary>
    private async Task WhenReadyAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (LabApiException refused) when (refused.Status >= 500 && watch.Elapsed < Patience)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var contacts = Enumerable.Range(0, Math.Max(1, options.Seed.Contacts))
            .Select(index => new ServiceContact(ContactId(index), $"Contact {index + 1}", OpenFor: [number])).ToList();
        await service.PutContactsAsync(contacts, cancellationToken);
        for (var index = 0; index < options.Seed.Received; index++)
        {
            await service.SendInboundAsync(number, contacts[index % contacts.Count].Id, $"Question {index + 1}", cancellationToken);
        }

        var sent = new List<string>();
        for (var index = 0; index < options.Seed.Sent; index++)
        {
            sent.Add(await setup.Api.SendTextAsync(contacts[index % contacts.Count].Id, $"Answer {index + 1}", cancellationToken));
        }

        for (var index = 0; index < options.Seed.Received; index++)
        {
            var text = $"Question {index + 1}";
            await webhook.WaitForAsync(call => call.Messages.Any(m => m.Text == text), Patience, cancellationToken);
        }

        foreach (var id in sent)
        {
            await webhook.WaitForStatusAsync(id, "read", Patience, cancellationToken);
        }
    }
}
