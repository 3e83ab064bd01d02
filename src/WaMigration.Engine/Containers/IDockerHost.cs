namespace WaMigration.Containers;

/// <summary>
/// One Docker host, in this project's own words, so that the client library stays behind this interface. Errors are
/// <see cref="WaException"/>s that name host and container. Implemented by the real connection and by the planning
/// decorator.
/// </summary>
internal interface IDockerHost
{
    Uri Address { get; }

    Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(CancellationToken cancellation);

    /// <summary>The full definition, as it is needed to make the container again.</summary>
    /// <returns>Null where there is no such container.</returns>
    Task<ContainerDetail?> InspectContainerAsync(string idOrName, CancellationToken cancellation);

    Task<string> CreateContainerAsync(ContainerDefinition definition, CancellationToken cancellation);

    /// <summary>Starts; starting a running one is no error.</summary>
    Task StartContainerAsync(string idOrName, CancellationToken cancellation);

    /// <summary>Stops with that grace; stopping a stopped one is no error.</summary>
    Task StopContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation);

    Task RestartContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Removes a stopped container and no volume whatever. One that is gone already is no error.</summary>
    Task RemoveContainerAsync(string idOrName, CancellationToken cancellation);

    Task SetRestartPolicyAsync(string idOrName, string policy, CancellationToken cancellation);

    /// <summary>The last lines of its log.</summary>
    Task<IReadOnlyList<string>> ReadLogAsync(string idOrName, int lines, CancellationToken cancellation);

    /// <summary>One file of a container; null where it is not there.</summary>
    Task<byte[]?> ReadFileAsync(string idOrName, string path, CancellationToken cancellation);

    /// <summary>
    /// A path of a container, which need not run, as a tar archive with modes, times and owners; the caller disposes of it.
    /// Null where it is not there.
    /// </summary>
    Task<Stream?> OpenArchiveAsync(string idOrName, string path, CancellationToken cancellation);

    /// <summary>Unpacks a tar archive into a folder of a container, which need not run. Owners are those of the archive.</summary>
    Task WriteArchiveAsync(string idOrName, string path, Stream archive, CancellationToken cancellation);

    /// <summary>Runs a program in a container of its own, and removes that. Nothing but the end limits its time.</summary>
    Task<ProgramOutput> RunProgramAsync(ContainerDefinition definition, CancellationToken cancellation);

    Task<IReadOnlyList<VolumeSummary>> ListVolumesAsync(CancellationToken cancellation);

    /// <summary>The names of all images that have one.</summary>
    Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellation);

    /// <summary>What tells one engine from another, by whatever address it is reached.</summary>
    Task<string> GetEngineIdAsync(CancellationToken cancellation);

    /// <summary>The time of its machine; null where it does not tell.</summary>
    Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellation);

    Task<bool> HasImageAsync(string image, CancellationToken cancellation);

    /// <summary>The id of the image that goes by that name (or id); null where there is none.</summary>
    Task<string?> FindImageAsync(string image, CancellationToken cancellation);

    Task PullImageAsync(string image, IProgress<string> progress, CancellationToken cancellation);

    /// <summary>Loads the images of a file that <c>docker save</c> wrote.</summary>
    Task LoadImagesAsync(string path, IProgress<string> progress, CancellationToken cancellation);

    Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation);

    Task EnsureNetworkAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation);

    /// <summary>The engine's version, for checks.</summary>
    Task<string> GetVersionAsync(CancellationToken cancellation);
}
