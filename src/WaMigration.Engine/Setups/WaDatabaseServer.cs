using System.Security;

namespace WaMigration;

/// <summary>The database server of a setup, as the machine of the admin reaches it.</summary>
public sealed class WaDatabaseServer
{
    /// <summary>Describes one.</summary>
    public WaDatabaseServer(
        WaDatabaseEngine engine,
        string server,
        int port,
        string userName,
        SecureString password,
        string namePrefix,
        WaSslMode sslMode = WaSslMode.Prefer,
        string? clientHost = null,
        int? clientPort = null)
    {
        Engine = engine;
        Server = server;
        Port = port;
        UserName = userName;
        Password = password;
        NamePrefix = namePrefix;
        SslMode = sslMode;
        ClientHost = clientHost ?? server;
        ClientPort = clientPort ?? port;
    }

    /// <summary>The engine.</summary>
    public WaDatabaseEngine Engine { get; }

    /// <summary>Host name or address, from here.</summary>
    public string Server { get; }

    /// <summary>TCP port, from here.</summary>
    public int Port { get; }

    /// <summary>Login.</summary>
    public string UserName { get; }

    /// <summary>What stands before every database name (WA_DB_NAME_PREFIX); empty if nothing does.</summary>
    public string NamePrefix { get; }

    /// <summary>Encryption of the connection.</summary>
    public WaSslMode SslMode { get; }

    /// <summary>The same server as the client's containers call it (WA_DB_HOSTNAME).</summary>
    public string ClientHost { get; }

    /// <summary>The port that the client's containers use (WA_DB_PORT).</summary>
    public int ClientPort { get; }

    internal SecureString Password { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Engine} {Server}:{Port}, prefix '{NamePrefix}'";
}
