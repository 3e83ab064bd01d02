namespace WaMigration.Containers;

/// <summary>One container of a client (or a database server beside it), and the Docker host that it is on.</summary>
internal sealed record ClientContainer(WaNodeRole Role, IDockerHost Host, ContainerDetail Detail)
{
    internal string Name => Detail.Definition.Name;

    /// <summary>Also while it is paused or between two starts of its restart policy: it may go on at any moment.</summary>
    internal bool IsRunning => Node.IsRunning;

    internal WaClientNode Node => new(Role, Host.Address, Name, Detail.Id, Detail.Definition.Image, ImageName.Version(Detail.Definition.Image), Detail.State);

    /// <inheritdoc/>
    public override string ToString() => ContainerText.Catalog.Format("ContainerSeen", Name, Host.Address, Detail.State);
}
