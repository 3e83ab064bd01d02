namespace WaLab;

/// <summary>A link between the module and the rest, on which a proxy sits.</summary>
public enum LabLink
{
    /// <summary>The API of the old client.</summary>
    OldApi,

    /// <summary>The API of the new client.</summary>
    NewApi,

    /// <summary>The Docker host of the old client.</summary>
    OldDocker,

    /// <summary>The Docker host of the new client.</summary>
    NewDocker,

    /// <summary>The second Docker host of the old client.</summary>
    OldSecondDocker,

    /// <summary>The second Docker host of the new client.</summary>
    NewSecondDocker,
}
