namespace WaSimulator.Protocol;

/// <summary>The kinds of <see cref="LogEntry"/>.</summary>
public static class LogKinds
{
    /// <summary>A node's process is up.</summary>
    public const string Started = "started";

    /// <summary>A registered node begins to initialise towards a connection.</summary>
    public const string ConnectBegin = "connect-begin";

    /// <summary>A node is connected; the duration counts from its connect-begin.</summary>
    public const string ConnectEnd = "connect-end";

    /// <summary>The service took a connection; the duration is the node's own since its connect-begin.</summary>
    public const string Connected = "connected";

    /// <summary>A connection ended.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>A connection was ended because another client connected with the number.</summary>
    public const string Kicked = "kicked";

    /// <summary>The service turned a connection away.</summary>
    public const string Refused = "refused";

    /// <summary>A backup was made.</summary>
    public const string Backup = "backup";

    /// <summary>A restore request arrived at the node that carries it out.</summary>
    public const string RestoreBegin = "restore-begin";

    /// <summary>The restore was done or refused; the detail says which.</summary>
    public const string RestoreEnd = "restore-end";

    /// <summary>A node was told to stop.</summary>
    public const string StopBegin = "stop-begin";

    /// <summary>The node has stopped.</summary>
    public const string StopEnd = "stop-end";

    /// <summary>The application of a registered client stopped after a restore and waits for a restart.</summary>
    public const string Halted = "halted";

    /// <summary>A number was registered.</summary>
    public const string Registered = "registered";

    /// <summary>A registration was removed.</summary>
    public const string Removed = "removed";

    /// <summary>Registration was asked for and refused.</summary>
    public const string RegistrationBlocked = "registration-blocked";

    /// <summary>A client uploaded an identity key.</summary>
    public const string Identity = "identity";

    /// <summary>A Master became the primary one.</summary>
    public const string Elected = "elected";
}
