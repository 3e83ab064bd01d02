namespace WaMigration;

/// <summary>What a container of the client does.</summary>
public enum WaNodeRole
{
    /// <summary>The HTTPS API.</summary>
    Webapp,

    /// <summary>Sends and receives.</summary>
    Coreapp,

    /// <summary>Coordinates; the coreapp image with WA_MASTER_NODE=1.</summary>
    Master,

    /// <summary>A database server beside the client. Never touched.</summary>
    Database,
}

/// <summary>One container of a client.</summary>
/// <param name="Role">What it does.</param>
/// <param name="DockerHost">The Docker host that it is on.</param>
/// <param name="Name">Container name without the slash.</param>
/// <param name="Id">Container id.</param>
/// <param name="Image">Image with tag.</param>
/// <param name="Version">Client version from the image's tag, without the v; empty where the tag says none.</param>
/// <param name="State">Docker's state: created, running, exited, …</param>
public sealed record WaClientNode(WaNodeRole Role, Uri DockerHost, string Name, string Id, string Image, string Version, string State)
{
    /// <summary>It runs now.</summary>
    public bool IsRunning => State is "running" or "restarting" or "paused";
}
