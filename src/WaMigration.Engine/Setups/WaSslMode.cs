namespace WaMigration;

/// <summary>How a database connection is encrypted.</summary>
public enum WaSslMode
{
    /// <summary>Encrypted where the server can; the certificate is not checked.</summary>
    Prefer,

    /// <summary>Never encrypted.</summary>
    Disable,

    /// <summary>Encrypted or refused; the certificate is not checked.</summary>
    Require,

    /// <summary>Encrypted, the certificate's chain checked.</summary>
    VerifyCa,

    /// <summary>Encrypted, chain and host name checked.</summary>
    VerifyFull,
}
