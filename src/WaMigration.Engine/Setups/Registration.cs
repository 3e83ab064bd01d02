using WaMigration.Api;

namespace WaMigration.Setups;

/// <summary>Whether a client is registered.</summary>
internal enum RegistrationState
{
    /// <summary>Surely.</summary>
    Registered,

    /// <summary>Surely not.</summary>
    Unregistered,

    /// <summary>Cannot be told now.</summary>
    Unclear,
}

/// <summary>What health and support together say of the registration. Doubt is never taken for unregistered.</summary>
internal sealed record Registration(RegistrationState State, string? Number, string Detail)
{
    private const int RegisteredReads = 2;
    private const int UnregisteredReads = 3;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Beyond the time that is wanted, how long an unclear picture may last.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(20);

    internal static Registration From(HealthAnswer health, SupportFacts support)
    {
        if (support.PhoneNumber is not null
            || health.Nodes.Any(node => node.Status is HealthAnswer.Connected or HealthAnswer.Connecting))
        {
            return new Registration(RegistrationState.Registered, support.PhoneNumber, string.Empty);
        }

        // Standbys may say disconnected beside those that say unregistered.
        var isUnregistered = support.SaysUnregistered
            && health.Nodes.Any(node => node.Status == HealthAnswer.Unregistered)
            && health.Nodes.All(node => node.Status is HealthAnswer.Unregistered or HealthAnswer.Disconnected);
        return isUnregistered
            ? new Registration(RegistrationState.Unregistered, null, string.Empty)
            : new Registration(
                RegistrationState.Unclear,
                null,
                string.Join(", ", health.Nodes.Select(node => HealthText.Phrase("NodeState", node.Name, node.Detail.Length == 0 ? node.Status : node.Detail).Trim())));
    }

    /// <summary>Reads until the picture stands still.</summary>
    /// <param name="api">The client.</param>
    /// <param name="unregisteredAfter">For so long unregistered is not believed yet.</param>
    /// <param name="patience">Beyond that, how long an unclear picture may last; null for the usual time.</param>
    /// <param name="said">Told after every look, with the time that is left.</param>
    /// <param name="operation">The operation.</param>
    internal static async Task<Registration> SettleAsync(IWaApi api, TimeSpan unregisteredAfter, TimeSpan? patience, Action<Registration, TimeSpan> said, Operation operation)
    {
        var once = api.WithoutRepeats;
        var start = operation.Time.GetTimestamp();
        var same = 0;
        Registration? last = null;
        while (true)
        {
            var now = await TryReadAsync(once, operation).ConfigureAwait(false);
            same = now.State == last?.State ? same + 1 : 1;
            last = now;
            var elapsed = operation.Time.GetElapsedTime(start);
            said(now, unregisteredAfter > elapsed ? unregisteredAfter - elapsed : TimeSpan.Zero);
            var isSettled = now.State switch
            {
                RegistrationState.Registered => same >= RegisteredReads,
                RegistrationState.Unregistered => same >= UnregisteredReads && elapsed >= unregisteredAfter,
                _ => elapsed >= unregisteredAfter + (patience ?? DefaultPatience),
            };
            if (isSettled)
            {
                return now;
            }

            await operation.DelayAsync(PollInterval).ConfigureAwait(false);
        }
    }

    private static async Task<Registration> TryReadAsync(IWaApi api, Operation operation)
    {
        try
        {
            var health = HealthAnswer.From(await api.GetHealthAsync(operation.Cancellation).ConfigureAwait(false));
            return From(health, await SupportFacts.ReadAsync(api, operation.Cancellation).ConfigureAwait(false));
        }
        catch (WaApiException failure) when (failure.HttpStatus is 0 or >= 500
            && failure.Kind != ApiErrors.UntrustedCertificate
            && failure.Kind != ApiErrors.CertificateNotPinned)
        {
            return new Registration(RegistrationState.Unclear, null, failure.Message);
        }
    }
}
