namespace WaSimulator.Hosting;

/// <summary>Where the simulator keeps what a container keeps in its own files.</summary>
public static class ContainerFiles
{
    /// <summary>The Webapp's certificate and key, PEM. An assumed place.</summary>
    public const string ServerPem = "/etc/lighttpd/server.pem";

    /// <summary>Where all containers of a client mount the volume whatsappMedia.</summary>
    public const string MediaFolder = "/usr/local/wamedia";
}
