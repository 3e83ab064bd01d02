namespace WaMigration.Containers;

/// <summary>Compares a container that is there with the one that is wanted, by what the wanted one sets.</summary>
internal static class DefinitionComparison
{
    /// <summary>
    /// The names of what differs; never values, which may be secrets. The restart policy is not looked at, since a
    /// migration sets it to no for a while; what an image adds (variables, labels, ports) is no difference.
    /// </summary>
    internal static IReadOnlyList<string> Differences(ContainerDefinition wanted, ContainerDefinition actual)
    {
        var differences = new List<string>();
        Note(differences, "image", wanted.Image == actual.Image);
        Note(differences, "command", wanted.Command.Count == 0 || wanted.Command.SequenceEqual(actual.Command));
        Note(differences, "ports", wanted.Ports.All(port => actual.Ports.Any(other => Same(port, other))) && wanted.Ports.Count == actual.Ports.Count);
        Note(differences, "mounts", wanted.Mounts.All(mount => actual.Mounts.Contains(mount)));
        Note(differences, "networks", wanted.Networks.All(network => actual.Networks.Any(other =>
            other.Name == network.Name && network.Aliases.All(alias => other.Aliases.Contains(alias)))));
        differences.AddRange(VariableDifferences(wanted, actual));
        differences.AddRange(wanted.Labels.Where(label => actual.Label(label.Key) != label.Value).Select(label => label.Key));
        return differences;
    }

    /// <summary>Variables that are set in one and not so in the other; those of the client that were taken away count, too.</summary>
    private static IEnumerable<string> VariableDifferences(ContainerDefinition wanted, ContainerDefinition actual) => wanted.Environment
        .Concat(actual.Environment.Where(variable => variable.StartsWith("WA_DB_", StringComparison.Ordinal)))
        .Select(variable => variable.Substring(0, Math.Max(0, variable.IndexOf('='))))
        .Distinct(StringComparer.Ordinal)
        .Where(name => wanted.Variable(name) != actual.Variable(name));

    /// <summary>All addresses are written empty, 0.0.0.0 or ::.</summary>
    private static bool Same(PortPublication one, PortPublication other) =>
        one.ContainerPort == other.ContainerPort
        && one.Protocol == other.Protocol
        && (one.HostPort == 0 || one.HostPort == other.HostPort)
        && Address(one) == Address(other);

    private static string Address(PortPublication port) => port.HostAddress is "0.0.0.0" or "::" ? string.Empty : port.HostAddress;

    private static void Note(List<string> differences, string name, bool isSame)
    {
        if (!isSame)
        {
            differences.Add(name);
        }
    }
}
