namespace WaMigration.Containers;

/// <summary>Containers that belong to one client, before it is known whose client that is.</summary>
internal sealed class ClientGroup
{
    private readonly List<ClientContainer> containers;

    internal ClientGroup(string project, IEnumerable<ClientContainer> containers)
    {
        Project = project;
        this.containers = containers.ToList();
    }

    /// <summary>The compose project; empty for containers that were started without compose.</summary>
    internal string Project { get; }

    internal IReadOnlyList<ClientContainer> Containers => containers;

    /// <summary>Where its databases are, in the containers' own words.</summary>
    internal DatabaseKey? Database => containers.Select(container => DatabaseKey.Of(container.Detail.Definition)).FirstOrDefault(key => key is not null);

    /// <summary>The host ports at which its Webapps answer.</summary>
    internal IReadOnlyList<int> ApiPorts => containers
        .Where(container => container.Role == WaNodeRole.Webapp)
        .SelectMany(container => container.Detail.PublishedPorts)
        .Where(port => port.ContainerPort == ClientVariables.ApiPort)
        .Select(port => port.HostPort)
        .Distinct()
        .ToList();

    /// <summary>The API address that the containers were made for, where this module made them.</summary>
    internal string? MadeFor => containers.Select(container => container.Detail.Definition.Label(ClientVariables.ApiLabel)).FirstOrDefault(label => label is not null);

    internal ClientGroup With(ClientGroup other) => new(Project.Length > 0 ? Project : other.Project, containers.Concat(other.containers));

    /// <inheritdoc/>
    public override string ToString() => ContainerText.Catalog.Format(
        "GroupSeen",
        Project.Length > 0 ? Project : containers[0].Name,
        string.Join(", ", containers.Select(container => container.Host.Address.ToString()).Distinct(StringComparer.Ordinal)),
        ApiPorts.Count > 0 ? string.Join(", ", ApiPorts) : "-",
        Database?.ToString() ?? "-");
}

/// <summary>A database server and prefix as the containers of a client name them.</summary>
internal sealed record DatabaseKey(string Host, string Port, string Prefix)
{
    internal static DatabaseKey? Of(ContainerDefinition definition) =>
        definition.Variable(ClientVariables.DatabaseHost) is { Length: > 0 } host
            ? new DatabaseKey(
                host.ToLowerInvariant(),
                definition.Variable(ClientVariables.DatabasePort) ?? string.Empty,
                (definition.Variable(ClientVariables.DatabasePrefix) ?? string.Empty).ToLowerInvariant())
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}, '{Prefix}'";
}
