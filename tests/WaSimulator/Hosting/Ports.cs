namespace WaSimulator.Hosting;

/// <summary>The container ports of the vendor's images.</summary>
public static class Ports
{
    /// <summary>Coreapp and Master: messaging.</summary>
    public const int Messaging = 6250;

    /// <summary>Coreapp and Master: contacts.</summary>
    public const int Contacts = 6251;

    /// <summary>Coreapp and Master: control.</summary>
    public const int Control = 6252;

    /// <summary>Coreapp and Master: health check.</summary>
    public const int HealthCheck = 6253;

    /// <summary>Webapp: HTTPS.</summary>
    public const int Https = 443;
}
