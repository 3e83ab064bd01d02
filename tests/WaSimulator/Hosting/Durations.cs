namespace WaSimulator.Hosting;

/// <summary>How long the real client takes; every one is multiplied by the scale.</summary>
internal static class Durations
{
    /// <summary>A node is "uninitialized" for so long after its databases are ready.</summary>
    public static readonly TimeSpan Initialize = TimeSpan.FromSeconds(20);

    /// <summary>A node initialises itself again after a restore.</summary>
    public static readonly TimeSpan InitializeAfterRestore = TimeSpan.FromSeconds(10);

    /// <summary>From "connecting" to "connected".</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    /// <summary>What a restore itself takes.</summary>
    public static readonly TimeSpan Restore = TimeSpan.FromSeconds(5);

    /// <summary>A node that runs finishes what it has in hand when it is told to stop.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(10);

    /// <summary>Pause before a lost connection to the service is tried again.</summary>
    public static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a connection is tried again that the service refused.</summary>
    public static readonly TimeSpan ReconnectAfterRefusal = TimeSpan.FromSeconds(60);

    /// <summary>Connect limit from Webapp to Coreapp.</summary>
    public static readonly TimeSpan NodeConnect = TimeSpan.FromSeconds(10);

    /// <summary>Read limit from Webapp to Coreapp.</summary>
    public static readonly TimeSpan NodeRead = TimeSpan.FromSeconds(45);

    /// <summary>A node that was not heard of for so long is taken off clusterStore.nodes by the primary Master.</summary>
    public static readonly TimeSpan ForgetNode = TimeSpan.FromMinutes(30);

    /// <summary>Bad logins are counted for so long.</summary>
    public static readonly TimeSpan BadLoginWindow = TimeSpan.FromMinutes(5);

    /// <summary>However small the scale, nodes look at their cluster no more often than this once they are settled.</summary>
    public static readonly TimeSpan SettledTickFloor = TimeSpan.FromMilliseconds(500);

    /// <summary>However small the scale, nodes look at their cluster no more often than this while something changes.</summary>
    public static readonly TimeSpan BusyTickFloor = TimeSpan.FromMilliseconds(50);
}
