namespace WaMigration.Containers;

/// <summary>
/// Finds out whether somebody started a new client that a migration made beforehand and did not start yet. It carries the
/// registration as soon as databases are copied: what it did counts, and must not be copied over.
/// </summary>
internal static class EarlyStart
{
    /// <summary>The containers that were started, running or not; none where this migration started them, or did not make them.</summary>
    internal static async Task<IReadOnlyList<ClientContainer>> FindAsync(WaSetup destination, Operation operation) =>
        destination.DockerHosts.Count == 0
        || destination.Journal.Last(JournalKinds.Installing, destination.Name) is null
        || destination.Journal.Last(JournalKinds.ClientStarting, destination.Name) is not null
            ? []
            : (await ClientInventory.ReadAsync(destination, operation).ConfigureAwait(false)).Containers.Where(container => container.Detail.State != "created").ToList();

    /// <summary>Refuses to write into databases that such a client may have written to.</summary>
    /// <exception cref="WaException">NewClientStartedEarly.</exception>
    internal static async Task RequireNoneAsync(WaSetup destination, Operation operation)
    {
        var started = await FindAsync(destination, operation).ConfigureAwait(false);
        if (started.Count > 0)
        {
            operation.Note(destination, JournalKinds.ClientStartedEarly, ("nodes", string.Join(", ", started.Select(node => node.Name))));
            throw ClientErrors.NewClientStartedEarly.Error(destination.Name, null, [.. started.Select(node => node.ToString())]);
        }
    }
}
