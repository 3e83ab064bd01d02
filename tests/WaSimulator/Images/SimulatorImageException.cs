namespace WaSimulator.Images;

/// <summary>The images cannot be built on this machine; the message says what is missing.</summary>
public sealed class SimulatorImageException : Exception
{
    /// <summary>Says what is missing.</summary>
    public SimulatorImageException(string message)
        : base(message)
    {
    }
}
