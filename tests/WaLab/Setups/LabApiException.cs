namespace WaLab.Setups;

/// <summary>A client's API answered the lab with an error.</summary>
public sealed class LabApiException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
