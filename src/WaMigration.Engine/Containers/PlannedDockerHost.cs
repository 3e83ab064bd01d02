namespace WaMigration.Containers;

/// <summary>
/// A Docker host under -WhatIf: reads are real, changes are only told, with the container's name and the host's
/// address. What was "created" is known to later calls, so that a plan can go on as the real run would.
/// </summary>
internal sealed class PlannedDockerHost(IDockerHost real, IOperationConsole console) : IDockerHost
{
    private readonly Dictionary<string, ContainerDefinition> planned = new(StringComparer.Ordinal);

    public Uri Address => real.Address;

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(CancellationToken cancellation) => real.ListContainersAsync(cancellation);

    public Task<ContainerDetail?> InspectContainerAsync(string idOrName, CancellationToken cancellation) =>
        planned.TryGetValue(idOrName, out var definition)
            ? Task.FromResult<ContainerDetail?>(ContainerDetail.Created(definition.Name, definition))
            : real.InspectContainerAsync(idOrName, cancellation);

    public Task<string> CreateContainerAsync(ContainerDefinition definition, CancellationToken cancellation)
    {
        planned[definition.Name] = definition;
        Tell(definition.Name, "PlanCreate", definition.Image);
        return Task.FromResult(definition.Name);
    }

    public Task StartContainerAsync(string idOrName, CancellationToken cancellation) => TellAsync(idOrName, "PlanStart", cancellation);

    public Task StopContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        TellAsync(idOrName, "PlanStop", cancellation, grace.TotalSeconds);

    public Task RestartContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        TellAsync(idOrName, "PlanRestart", cancellation, grace.TotalSeconds);

    public Task RemoveContainerAsync(string idOrName, CancellationToken cancellation) => TellAsync(idOrName, "PlanRemove", cancellation);

    public Task SetRestartPolicyAsync(string idOrName, string policy, CancellationToken cancellation) =>
        TellAsync(idOrName, "PlanPolicy", cancellation, policy);

    public Task<IReadOnlyList<string>> ReadLogAsync(string idOrName, int lines, CancellationToken cancellation) =>
        planned.ContainsKey(idOrName) ? Task.FromResult<IReadOnlyList<string>>([]) : real.ReadLogAsync(idOrName, lines, cancellation);

    public Task<byte[]?> ReadFileAsync(string idOrName, string path, CancellationToken cancellation) =>
        planned.ContainsKey(idOrName) ? Task.FromResult<byte[]?>(null) : real.ReadFileAsync(idOrName, path, cancellation);

    public Task<Stream?> OpenArchiveAsync(string idOrName, string path, CancellationToken cancellation) =>
        planned.ContainsKey(idOrName) ? Task.FromResult<Stream?>(null) : real.OpenArchiveAsync(idOrName, path, cancellation);

    public Task WriteArchiveAsync(string idOrName, string path, Stream archive, CancellationToken cancellation) =>
        TellAsync(idOrName, "PlanUnpack", cancellation, path);

    /// <returns>No output: nothing was run.</returns>
    public Task<ProgramOutput> RunProgramAsync(ContainerDefinition definition, CancellationToken cancellation)
    {
        Tell(definition.Name, "PlanProgram", definition.Image);
        return Task.FromResult(new ProgramOutput(0, [], []));
    }

    public Task<IReadOnlyList<VolumeSummary>> ListVolumesAsync(CancellationToken cancellation) => real.ListVolumesAsync(cancellation);

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellation) => real.ListImagesAsync(cancellation);

    public Task<string> GetEngineIdAsync(CancellationToken cancellation) => real.GetEngineIdAsync(cancellation);

    public Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellation) => real.GetClockAsync(cancellation);

    public Task<bool> HasImageAsync(string image, CancellationToken cancellation) => real.HasImageAsync(image, cancellation);

    public Task<string?> FindImageAsync(string image, CancellationToken cancellation) => real.FindImageAsync(image, cancellation);

    public Task PullImageAsync(string image, IProgress<string> progress, CancellationToken cancellation)
    {
        Tell(image, "PlanPull");
        return Task.CompletedTask;
    }

    public Task LoadImagesAsync(string path, IProgress<string> progress, CancellationToken cancellation)
    {
        Tell(path, "PlanLoad");
        return Task.CompletedTask;
    }

    public Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        Tell(name, "PlanVolume");
        return Task.CompletedTask;
    }

    public Task EnsureNetworkAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation)
    {
        Tell(name, "PlanNetwork");
        return Task.CompletedTask;
    }

    public Task<string> GetVersionAsync(CancellationToken cancellation) => real.GetVersionAsync(cancellation);

    /// <summary>Ids say nothing to people, so the name is looked up first.</summary>
    private async Task TellAsync(string idOrName, string action, CancellationToken cancellation, params object?[] args)
    {
        var detail = await InspectContainerAsync(idOrName, cancellation).ConfigureAwait(false);
        Tell(detail?.Definition.Name ?? idOrName, action, args);
    }

    private void Tell(string name, string action, params object?[] args) =>
        console.WhatIf(ContainerText.Catalog.Format("PlanTarget", name, Address), ContainerText.Catalog.Format(action, args));
}
