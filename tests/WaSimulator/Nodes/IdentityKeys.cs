using System.Security.Cryptography;

namespace WaSimulator.Nodes;

/// <summary>The key pair that contacts see as security code.</summary>
internal sealed record IdentityKeys(string PublicKey, byte[] PrivateKey)
{
    public static IdentityKeys Create()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        return new IdentityKeys(Convert.ToHexStringLower([.. point.X!, .. point.Y!]), pair.ExportECPrivateKey());
    }
}
