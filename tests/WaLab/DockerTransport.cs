namespace WaLab;

/// <summary>How the module reaches the lab's Docker hosts.</summary>
public enum DockerTransport
{
    /// <summary>A unix socket.</summary>
    Unix,

    /// <summary>TCP on loopback, without TLS.</summary>
    Tcp,
}
