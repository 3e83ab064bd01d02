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
