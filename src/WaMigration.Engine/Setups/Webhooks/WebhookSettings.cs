using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Setups.Settings;

namespace WaMigration.Setups.Webhooks;

/// <summary>Reads, sets and clears the webhook of a client, and remembers what it was.</summary>
internal static class WebhookSettings
{
    private const string Part = "webhooks";
    private const string Address = "url";
    private const string Concurrency = "max_concurrent_requests";
    private const string Statuses = "message";

    private const string CaRestart = "caNeedsRestart";
    private const string ConcurrencyRestart = "concurrencyNeedsRestart";

    /// <summary>Before 2.41.2 there was this one flag.</summary>
    private const string OldSentStatus = "sent_status";

    private static readonly string[] KnownStatuses = ["sent", "delivered", "read"];

    internal static async Task<WaWebhook> GetAsync(WaSetup setup, Operation operation)
    {
        var api = setup.Api(operation);
        var settings = await api.GetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false);
        var ca = await api.GetWebhookCaAsync(operation.Cancellation).ConfigureAwait(false);
        var webhook = settings.Object(Part);
        return new WaWebhook(
            setup.Name,
            webhook?.Text(Address) is { Length: > 0 } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null,
            webhook?.Number(Concurrency),
            StatusesOf(settings),
            ca);
    }

    /// <returns>What takes effect only when the Coreapps are restarted, in words.</returns>
    internal static async Task<IReadOnlyList<string>> SetAsync(WaSetup setup, WebhookChange change, Operation operation)
    {
        if (change.Uri is { } address && (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps))
        {
            throw WebhookErrors.WebhookNotUsable.Error(address.ToString());
        }

        if (change.CaCertificate is { } pem)
        {
            Certificates.RequireAuthorities(pem, nameof(WebhookChange.CaCertificate));
        }

        var (before, ca) = await NowAsync(setup, operation).ConfigureAwait(false);
        var fields = Fields(change, before);
        var newCa = change.CaCertificate is { } wanted && !SameText(ca, wanted) ? wanted : null;
        var caRestart = newCa is not null || IsRestartDue(setup, CaRestart);
        var concurrencyRestart = ApplicationSettings.RestartFields(before, fields).Count > 0 || IsRestartDue(setup, ConcurrencyRestart);
        Note(
            setup,
            operation,
            JournalKinds.WebhookSetting,
            ("uri", change.Uri?.ToString() ?? string.Empty),
            (CaRestart, caRestart.ToString(CultureInfo.InvariantCulture)),
            (ConcurrencyRestart, concurrencyRestart.ToString(CultureInfo.InvariantCulture)));

        // The certificate first: with the address, the client begins to send.
        if (newCa is not null)
        {
            await setup.Api(operation).SetWebhookCaAsync(newCa, operation.Cancellation).ConfigureAwait(false);
        }

        if (fields.Count > 0)
        {
            await ApplicationSettings.ChangeAsync(setup, fields, setup.Name, operation).ConfigureAwait(false);
        }

        var restart = new List<string>();
        if (caRestart)
        {
            restart.Add(WebhookErrors.Phrase("WhatCa"));
        }

        if (concurrencyRestart)
        {
            restart.Add(WebhookErrors.Phrase("WhatConcurrency"));
        }

        Note(setup, operation, JournalKinds.WebhookSet, ("uri", change.Uri?.ToString() ?? string.Empty));
        return restart;
    }

    /// <summary>Turns the webhook off. The journal keeps what it was, so that it can be set back.</summary>
    internal static async Task ClearAsync(WaSetup setup, bool removeCa, Operation operation)
    {
        var (before, ca) = await NowAsync(setup, operation).ConfigureAwait(false);
        var webhook = before.Object(Part);
        var url = webhook?.Text(Address) ?? string.Empty;
        var known = setup.Journal.Last(JournalKinds.WebhookClearing, setup.Name)?.Values;
        Note(
            setup,
            operation,
            JournalKinds.WebhookClearing,
            ("uri", url.Length > 0 ? url : Known(known, "uri")),
            ("maxConcurrentRequests", webhook?.Text(Concurrency) ?? Known(known, "maxConcurrentRequests")),
            ("messageStatus", string.Join(",", StatusesOf(before))),
            ("caCertificate", ca ?? Known(known, "caCertificate")),
            ("caRemoved", removeCa.ToString(CultureInfo.InvariantCulture)));
        var api = setup.Api(operation);
        await ApplicationSettings.ChangeAsync(setup, new JsonObject { [Part] = new JsonObject { [Address] = string.Empty } }, setup.Name, operation).ConfigureAwait(false);
        if (removeCa && ca is not null)
        {
            await api.RemoveWebhookCaAsync(operation.Cancellation).ConfigureAwait(false);
        }

        Note(setup, operation, JournalKinds.WebhookCleared);
    }

    /// <summary>A run that was cut off after the change and before the restart finds nothing to change any more; the restart is still due.</summary>
    private static bool IsRestartDue(WaSetup setup, string what) =>
        setup.Journal.Last(JournalKinds.WebhookSetting, setup.Name) is { } before
        && Known(before.Values, what) == bool.TrueString
        && (setup.Journal.Last(JournalKinds.CoreappsRestarted, setup.Name) is not { } restarted || restarted.At < before.At);

    /// <summary>A run that was cut off after the clearing finds nothing any more: what it wrote down then still counts.</summary>
    private static string Known(IReadOnlyDictionary<string, string>? known, string name) =>
        known is not null && known.TryGetValue(name, out var value) ? value : string.Empty;

    private static async Task<(JsonObject Settings, string? Ca)> NowAsync(WaSetup setup, Operation operation)
    {
        var api = setup.Api(operation);
        try
        {
            return (await api.GetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false),
                await api.GetWebhookCaAsync(operation.Cancellation).ConfigureAwait(false));
        }
        catch (NotInstalledYetException)
        {
            return ([], null);
        }
    }

    private static JsonObject Fields(WebhookChange change, JsonObject before)
    {
        var webhook = new JsonObject();
        if (change.Uri is { } address)
        {
            webhook[Address] = address.AbsoluteUri;
        }

        if (change.MaxConcurrentRequests is { } concurrency)
        {
            webhook[Concurrency] = concurrency;
        }

        var fields = new JsonObject();
        if (change.MessageStatus is { } statuses)
        {
            if (before.ContainsKey(OldSentStatus) && before.Object(Part)?.Object(Statuses) is null)
            {
                fields[OldSentStatus] = statuses.Contains("sent", StringComparer.OrdinalIgnoreCase);
            }
            else
            {
                var flags = new JsonObject();
                foreach (var status in KnownStatuses)
                {
                    flags[status] = statuses.Contains(status, StringComparer.OrdinalIgnoreCase);
                }

                webhook[Statuses] = flags;
            }
        }

        if (webhook.Count > 0)
        {
            fields[Part] = webhook;
        }

        return fields;
    }

    private static List<string> StatusesOf(JsonObject settings) => settings.Object(Part)?.Object(Statuses) is { } flags
        ? KnownStatuses.Where(status => flags.Flag(status) == true).ToList()
        : settings.Flag(OldSentStatus) is { } sent ? KnownStatuses.Where(status => sent || status != "sent").ToList()
        : [];

    private static bool SameText(string? one, string other) =>
        one is not null && string.Equals(one.Replace("\r", string.Empty).Trim(), other.Replace("\r", string.Empty).Trim(), StringComparison.Ordinal);

    private static void Note(WaSetup setup, Operation operation, string kind, params (string Name, string Value)[] values)
    {
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(kind, setup.Name, values);
        }
    }
}
