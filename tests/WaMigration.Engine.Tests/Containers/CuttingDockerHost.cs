using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>The process died.</summary>
internal sealed class CutException() : Exception("The process was killed here.");

/// <summary>
/// A Docker host whose caller dies at the k-th change: before the request arrives, or after its effect and before its
/// answer.
/// </summary>
internal sealed class CuttingDockerHost(IDockerHost real, int at, bool after) : IDockerHost
{
    private int changes;

    internal int Changes => changes;

    public Uri Address => real.Address;

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(CancellationToken cancellation) => real.ListContainersAsync(cancellation);

    public Task<ContainerDetail?> InspectContainerAsync(string idOrName, CancellationToken cancellation) => real.InspectContainerAsync(idOrName, cancellation);

    public Task<string> CreateContainerAsync(ContainerDefinition definition, CancellationToken cancellation) =>
        ChangeAsync(() => real.CreateContainerAsync(definition, cancellation));

    public Task StartContainerAsync(string idOrName, CancellationToken cancellation) => ChangeAsync(() => real.StartContainerAsync(idOrName, cancellation));

    public Task StopContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        ChangeAsync(() => real.StopContainerAsync(idOrName, grace, cancellation));

    public Task RestartContainerAsync(string idOrName, TimeSpan grace, CancellationToken cancellation) =>
        ChangeAsync(() => real.RestartContainerAsync(idOrName, grace, cancellation));

    public Task RemoveContainerAsync(string idOrName, CancellationToken cancellation) => ChangeAsync(() => real.RemoveContainerAsync(idOrName, cancellation));

    public Task SetRestartPolicyAsync(string idOrName, string policy, CancellationToken cancellation) =>
        ChangeAsync(() => real.SetRestartPolicyAsync(idOrName, policy, cancellation));

    public Task<IReadOnlyList<string>> ReadLogAsync(string idOrName, int lines, CancellationToken cancellation) => real.ReadLogAsync(idOrName, lines, cancellation);

    public Task<byte[]?> ReadFileAsync(string idOrName, string path, CancellationToken cancellation) => real.ReadFileAsync(idOrName, path, cancellation);

    public Task<Stream?> OpenArchiveAsync(string idOrName, string path, CancellationToken cancellation) => real.OpenArchiveAsync(idOrName, path, cancellation);

    public Task WriteArchiveAsync(string idOrName, string path, Stream archive, CancellationToken cancellation) =>
        ChangeAsync(() => real.WriteArchiveAsync(idOrName, path, archive, cancellation));

    public Task<ProgramOutput> RunProgramAsync(ContainerDefinition definition, CancellationToken cancellation) =>
        ChangeAsync(() => real.RunProgramAsync(definition, cancellation));

    public Task<IReadOnlyList<VolumeSummary>> ListVolumesAsync(CancellationToken cancellation) => real.ListVolumesAsync(cancellation);

    public Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellation) => real.ListImagesAsync(cancellation);

    public Task<string> GetEngineIdAsync(CancellationToken cancellation) => real.GetEngineIdAsync(cancellation);

    public Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellation) => real.GetClockAsync(cancellation);

    public Task<bool> HasImageAsync(string image, CancellationToken cancellation) => real.HasImageAsync(image, cancellation);

    public Task<string?> FindImageAsync(string image, CancellationToken cancellation) => real.FindImageAsync(image, cancellation);

    public Task PullImageAsync(string image, IProgress<string> progress, CancellationToken cancellation) =>
        ChangeAsync(() => real.PullImageAsync(image, progress, cancellation));

    public Task LoadImagesAsync(string path, IProgress<string> progress, CancellationToken cancellation) =>
        ChangeAsync(() => real.LoadImagesAsync(path, progress, cancellation));

    public Task EnsureVolumeAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        ChangeAsync(() => real.EnsureVolumeAsync(name, labels, cancellation));

    public Task EnsureNetworkAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) =>
        ChangeAsync(() => real.EnsureNetworkAsync(name, labels, cancellation));

    public Task<string> GetVersionAsync(CancellationToken cancellation) => real.GetVersionAsync(cancellation);

    private async Task ChangeAsync(Func<Task> change) => await ChangeAsync(async () =>
    {
        await change();
        return true;
    });

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        var number = Interlocked.Increment(ref changes);

        // A dead process sends nothing any more.
        if (number > at || (number == at && !after))
        {
            throw new CutException();
        }

        var result = await change();
        return number == at ? throw new CutException() : result;
    }
}
