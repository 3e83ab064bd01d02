namespace WaLab.Servers;

/// <summary>
/// A server program that the lab needs is neither installed nor could be had. The message is one line that names it
/// and says what to install. Tests skip on it, unless <c>WA_LAB_REQUIRED=1</c>.
/// </summary>
public sealed class LabServerMissingException : Exception
{
    /// <summary>Names the server that is missing.</summary>
    public LabServerMissingException(string message)
        : base(message)
    {
    }

    /// <summary>Names the server that is missing, and why it could not be had.</summary>
    public LabServerMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>True where a missing server must fail instead of skip (continuous integration).</summary>
    public static bool IsFailure => Environment.GetEnvironmentVariable("WA_LAB_REQUIRED") == "1";
}
