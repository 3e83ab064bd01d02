using System.Net;

namespace WaLab.Servers;

/// <summary>A network of the lab on which a server listens besides loopback. Never one of the machine's own.</summary>
/// <param name="Address">This machine's address on it.</param>
/// <param name="Subnet">Who may connect, such as <c>10.213.7.0/24</c>.</param>
public sealed record ServerNetwork(IPAddress Address, string Subnet);
