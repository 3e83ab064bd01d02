namespace WaLab;

/// <summary>What the containers of a lab run on.</summary>
public enum LabHosts
{
    /// <summary>The simulator's Docker API, with the client's nodes inside this process.</summary>
    Embedded,

    /// <summary>A real Docker host a side.</summary>
    RealOne,

    /// <summary>Two real Docker hosts a side, and the vendor's production form on them.</summary>
    RealTwo,
}
