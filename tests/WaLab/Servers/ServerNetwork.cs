using System.Net;

namespace WaLab.Servers;

/// <summary>A network of the lab on which a server listens besides loopback. Never one of the machine's own.</summary>
/// <param name="Address">This machine's address on it.</param>
/// <param name="Subnet">Who may connect, such as <c>10.213.7.0/24</c>.</param>
public sealed record ServerNetwork(IPAddress Address, string Subnet)
{
    /// <summary>The subnet as address and mask, such as <c>10.213.7.0/255.255.255.0</c>.</summary>
    internal string Mask
    {
        get
        {
            var network = IPNetwork.Parse(Subnet);
            var bits = uint.MaxValue << (32 - network.PrefixLength);
            return $"{network.BaseAddress}/{new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits])}";
        }
    }
}
