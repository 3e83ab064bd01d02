namespace WaLab.RealDocker;

/// <summary>A line of a host's container list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name without the slash.</param>
/// <param name="Image">Its image with tag.</param>
/// <param name="State">Docker's state.</param>
/// <param name="Service">The compose service, where it came from a compose file.</param>
public sealed record LabContainer(string Id, string Name, string Image, string State, string? Service);
