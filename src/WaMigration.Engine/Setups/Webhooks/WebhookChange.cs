namespace WaMigration.Setups.Webhooks;

/// <summary>What is to change of a webhook; null leaves it as it is.</summary>
internal sealed record WebhookChange
{
    internal Uri? Uri { get; init; }

    internal int? MaxConcurrentRequests { get; init; }

    /// <summary>Exactly these statuses are sent.</summary>
    internal IReadOnlyList<string>? MessageStatus { get; init; }

    /// <summary>PEM.</summary>
    internal string? CaCertificate { get; init; }
}
