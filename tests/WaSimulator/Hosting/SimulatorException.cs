namespace WaSimulator.Hosting;

/// <summary>A node or the service cannot go on, for a reason that its operator can act on.</summary>
public sealed class SimulatorException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SimulatorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public SimulatorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
