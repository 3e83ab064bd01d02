namespace WaMigration;

/// <summary>
/// A failure that the user can act on. The id is stable and documented; the message says what happened to which thing,
/// the remedy what to do, the evidence what was seen (never a secret).
/// </summary>
public class WaException : Exception
{
    /// <summary>Creates the error; <see cref="WaErrorKind"/> is the usual way.</summary>
    /// <param name="kind">The kind, which gives id and category.</param>
    /// <param name="message">What happened.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="target">The name of the thing it happened to: host, node, database, file.</param>
    /// <param name="evidence">Lines that show it, e.g. the end of a container's log.</param>
    /// <param name="inner">The cause.</param>
    public WaException(
        WaErrorKind kind,
        string message,
        string remedy,
        string? target = null,
        IReadOnlyList<string>? evidence = null,
        Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Remedy = remedy;
        Target = target;
        Evidence = evidence ?? [];
    }

    /// <summary>The kind of error.</summary>
    public WaErrorKind Kind { get; }

    /// <summary>The stable id, e.g. <c>ClientIsRegistered</c>.</summary>
    public string ErrorId => Kind.Id;

    /// <summary>What the user should do.</summary>
    public string Remedy { get; }

    /// <summary>The thing it happened to.</summary>
    public string? Target { get; }

    /// <summary>What was seen.</summary>
    public IReadOnlyList<string> Evidence { get; }
}
