namespace WaMigration;

/// <summary>Where a client sends messages and statuses.</summary>
public sealed class WaWebhook
{
    internal WaWebhook(string setup, Uri? uri, int? maxConcurrentRequests, IReadOnlyList<string> messageStatus, string? caCertificate)
    {
        Setup = setup;
        Uri = uri;
        MaxConcurrentRequests = maxConcurrentRequests;
        MessageStatus = messageStatus.ToArray();
        CaCertificate = caCertificate;
    }

    /// <summary>The setup's name.</summary>
    public string Setup { get; }

    /// <summary>The address; null where none is set.</summary>
    public Uri? Uri { get; }

    /// <summary>Requests at the same time: 6, 12, 18 or 24.</summary>
    public int? MaxConcurrentRequests { get; }

    /// <summary>The statuses that are sent: sent, delivered, read.</summary>
    public IReadOnlyList<string> MessageStatus { get; }

    /// <summary>The certificate authority that the receiver's certificate is checked by, as PEM; null where the usual ones are.</summary>
    public string? CaCertificate { get; }

    /// <inheritdoc/>
    public override string ToString() => Uri?.ToString() ?? string.Empty;
}
