using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace WaSimulator.Nodes;

/// <summary>The HTTPS client for webhooks: trusts the stored webhook CA where there is one, else the system's.</summary>
internal static class WebhookClient
{
    public static HttpClient Create(string? authorities)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) };
        if (authorities is not null)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(authorities);
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
