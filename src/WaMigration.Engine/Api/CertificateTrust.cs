using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using WaMigration.Security;

namespace WaMigration.Api;

/// <summary>
/// Decides whether the API's certificate is the right one: by pins, by an own root, else as the machine trusts. The
/// check is switched off last, and only where neither pins nor a root are given. Remembers what it refused, so that
/// the error can show the thumbprint that was seen.
/// </summary>
internal sealed class CertificateTrust
{
    private readonly object gate = new();
    private readonly List<string> pins;
    private readonly IReadOnlyList<X509Certificate2> roots;
    private readonly bool skipCheck;
    private readonly bool mustBePinned;
    private CertificateRefusal? lastRefusal;
    private int seen;

    internal CertificateTrust(IEnumerable<string> pins, IReadOnlyList<X509Certificate2> roots, bool skipCheck)
    {
        this.pins = [.. pins];
        this.roots = roots;
        this.skipCheck = skipCheck;
        mustBePinned = this.pins.Count > 0;
    }

    /// <summary>How many certificates were presented so far: one that rises shows that something answers.</summary>
    internal int Seen => Volatile.Read(ref seen);

    internal IReadOnlyList<string> Pins
    {
        get
        {
            lock (gate)
            {
                return [.. pins];
            }
        }
    }

    internal CertificateRefusal? LastRefusal
    {
        get
        {
            lock (gate)
            {
                return lastRefusal;
            }
        }
    }

    /// <summary>A thumbprint as people write it (with colons, spaces, small letters) in the one form that is compared.</summary>
    internal static string? Normalize(string thumbprint)
    {
        var plain = new string([.. thumbprint.Where(c => c is not (':' or ' ' or '-'))]).ToUpperInvariant();
        return plain.Length == 64 && plain.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'F')) ? plain : null;
    }

    /// <summary>Adds a pin to those that are taken; what was trusted before stays trusted.</summary>
    internal void Pin(string thumbprint)
    {
        var plain = Normalize(thumbprint) ?? throw ApiErrors.ThumbprintNotUsable.Error(thumbprint);
        lock (gate)
        {
            if (!pins.Contains(plain))
            {
                pins.Add(plain);
            }
        }
    }

    internal bool Check(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        Interlocked.Increment(ref seen);
        if (certificate is null)
        {
            return Refuse(string.Empty, string.Empty, errors);
        }

        var thumbprint = Sha256.Hex(certificate.RawData);
        if (Pins.Contains(thumbprint) || IsBelowOwnRoot(certificate, errors))
        {
            return true;
        }

        var decidesByMachine = !mustBePinned && roots.Count == 0;
        return (decidesByMachine && (errors == SslPolicyErrors.None || skipCheck)) || Refuse(thumbprint, certificate.Subject, errors);
    }

    private bool IsBelowOwnRoot(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if (roots.Count == 0 || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
#if NET
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
        return chain.Build(certificate);
#else
        // .NET Framework has no own roots: any root is let through, and then it must be one of ours.
        chain.ChainPolicy.ExtraStore.AddRange(roots.ToArray());
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        if (!chain.Build(certificate))
        {
            return false;
        }

        var top = chain.ChainElements[chain.ChainElements.Count - 1].Certificate.RawData;
        return roots.Any(root => root.RawData.SequenceEqual(top));
#endif
    }

    private bool Refuse(string thumbprint, string subject, SslPolicyErrors errors)
    {
        lock (gate)
        {
            lastRefusal = new CertificateRefusal(thumbprint, subject, errors, mustBePinned || pins.Count > 0);
        }

        return false;
    }
}

/// <summary>A certificate that was not taken.</summary>
internal sealed record CertificateRefusal(string Thumbprint, string Subject, SslPolicyErrors Errors, bool ByPins);
