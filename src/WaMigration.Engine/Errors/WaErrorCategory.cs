namespace WaMigration;

/// <summary>What kind of failure an error is. The names are those of PowerShell's own categories.</summary>
public enum WaErrorCategory
{
    /// <summary>None of the others fits.</summary>
    NotSpecified,

    /// <summary>Login, token or password refused.</summary>
    AuthenticationError,

    /// <summary>The account is known but may not do this.</summary>
    PermissionDenied,

    /// <summary>A server, Docker host or file cannot be reached.</summary>
    ConnectionError,

    /// <summary>An answer did not come in time.</summary>
    OperationTimeout,

    /// <summary>A parameter's value is not usable.</summary>
    InvalidArgument,

    /// <summary>Data read from a file or server is not what it must be.</summary>
    InvalidData,

    /// <summary>The thing is not in a state that allows this.</summary>
    InvalidOperation,

    /// <summary>The thing named does not exist.</summary>
    ObjectNotFound,

    /// <summary>It exists already.</summary>
    ResourceExists,

    /// <summary>Somebody else uses it.</summary>
    ResourceBusy,

    /// <summary>Refused because something could be lost or was not proved safe.</summary>
    SecurityError,

    /// <summary>The other side broke its own rules.</summary>
    ProtocolError,

    /// <summary>A file or disk failed.</summary>
    WriteError,

    /// <summary>Not done by this version, or not by this server.</summary>
    NotImplemented,
}
