using System.Security.Cryptography.X509Certificates;

namespace WaSimulator.DockerApi;

/// <summary>Proves that a client's certificate comes from the one authority that the host trusts.</summary>
internal static class ClientCertificates
{
    public static bool IsSignedBy(X509Certificate2 shown, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
