namespace WaMigration;

/// <summary>What a certificate of a client is for.</summary>
public enum WaCertificateKind
{
    /// <summary>The certificate authority that webhook receivers are checked by.</summary>
    Webhook,

    /// <summary>The certificate that the API itself shows.</summary>
    External,
}

/// <summary>One certificate that a client holds.</summary>
/// <param name="Setup">The setup's name.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Subject">Whom it names.</param>
/// <param name="Thumbprint">Its SHA-256 thumbprint.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Pem">The certificate as PEM.</param>
public sealed record WaCertificate(string Setup, WaCertificateKind Kind, string Subject, string Thumbprint, DateTimeOffset NotAfter, string Pem);
