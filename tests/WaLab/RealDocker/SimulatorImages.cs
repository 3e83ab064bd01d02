using WaLab.Servers;
using WaSimulator.DockerApi;
using WaSimulator.Images;

namespace WaLab.RealDocker;

/// <summary>
/// The client's images for real Docker hosts, without a registry: made of the simulator that was built with this lab and
/// of this machine's .NET runtime. Their layers are kept by content in the lab's cache; writing them takes a second or
/// two once, and nothing afterwards.
/// </summary>
public sealed class SimulatorImages
{
    private readonly ImageArchiveWriter _archive = new();
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    private SimulatorImages()
    {
    }

    /// <summary>The images by name, each with its id.</summary>
    public IReadOnlyDictionary<string, string> Ids => _ids;

    /// <summary>Makes images.</summary>
    /// <param name="images">What they are called and what their containers inherit: <see cref="DockerImage.Vendor"/>.</param>
    /// <param name="log">Told when something must be fetched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<SimulatorImages> CreateAsync(
        IEnumerable<DockerImage> images, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var folder = Path.Combine(LabFolders.Cache, "images");
        var busybox = await Busybox.EnsureAsync(log ?? (_ => { }), cancellationToken);
        await using var once = await LabLock.TakeAsync("images", cancellationToken);
        var runtime = SimulatorLayers.Runtime(folder, busybox.Program, busybox.Applets);
        var simulator = SimulatorLayers.Simulator(folder);
        var made = new SimulatorImages();
        foreach (var image in images)
        {
            var marker = SimulatorLayers.Marker(folder, image.Repository.Split('/')[^1], image.Version);
            made._ids[image.Reference] = made._archive.Add(image, [runtime, simulator, marker]);
        }

        Forget(folder, [runtime, simulator]);
        return made;
    }

    /// <summary>Loads them into a host, unless it has these very images.</summary>
    public async Task LoadAsync(DockerApiClient host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        foreach (var (reference, id) in _ids)
        {
            if (await host.ImageIdAsync(reference, cancellationToken) != id)
            {
                await host.LoadImagesAsync(_archive.WriteAsync, cancellationToken);
                return;
            }
        }
    }

    /// <summary>Writes them as <c>docker save</c> does, for hosts that load images from a file.</summary>
    public async Task SaveAsync(string file, CancellationToken cancellationToken = default)
    {
        await using var stream = File.Create(file);
        await _archive.WriteAsync(stream, cancellationToken);
    }

    /// <summary>Every build of the simulator makes a layer: the old ones go, but not while another lab may read them.</summary>
    private static void Forget(string folder, IReadOnlyList<ImageLayer> inUse)
    {
        var old = DateTime.UtcNow.AddHours(-6);
        foreach (var file in Directory.EnumerateFiles(folder, "*.tar").Except(inUse.Select(layer => layer.File)))
        {
            if (!Path.GetFileName(file).StartsWith("marker-", StringComparison.Ordinal) && File.GetLastWriteTimeUtc(file) < old)
            {
                File.Delete(file);
            }
        }
    }
}
