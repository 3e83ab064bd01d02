using System.Collections.Immutable;
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
    private readonly ImageLayer _runtime;

    private SimulatorImages(ImageLayer runtime) => _runtime = runtime;

    private static string Folder => Path.Combine(LabFolders.Cache, "images");

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
        var layers = await LayersAsync(log ?? (_ => { }), cancellationToken);
        var made = new SimulatorImages(layers.Runtime);
        foreach (var image in images)
        {
            var marker = SimulatorLayers.Marker(Folder, image.Repository.Split('/')[^1], image.Version);
            made._ids[image.Reference] = made._archive.Add(image, [layers.Runtime, layers.Simulator, marker]);
        }

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
                // The large layer need not travel to a host that has it.
                HashSet<string> present =
                    await host.ImageIdAsync(EngineTemplate.ImageOf(_runtime), cancellationToken) is null ? [] : [_runtime.Digest];
                await host.LoadImagesAsync((stream, cancellation) => _archive.WriteAsync(stream, present, cancellation), cancellationToken);
                return;
            }
        }
    }

    /// <summary>Writes them as <c>docker save</c> does, for hosts that load images from a file.</summary>
    public async Task SaveAsync(string file, CancellationToken cancellationToken = default)
    {
        await using var stream = File.Create(file);
        await _archive.WriteAsync(stream, ImmutableHashSet<string>.Empty, cancellationToken);
    }

    /// <summary>The layers below every image, from the cache or written now.</summary>
    internal static async Task<(ImageLayer Runtime, ImageLayer Simulator)> LayersAsync(Action<string> log, CancellationToken cancellationToken)
    {
        var busybox = await Busybox.EnsureAsync(log, cancellationToken);
        await using var once = await LabLock.TakeAsync("images", cancellationToken);
        var layers = (
            Runtime: SimulatorLayers.Runtime(Folder, busybox.Program, busybox.Applets),
            Simulator: SimulatorLayers.Simulator(Folder));
        Forget([layers.Runtime, layers.Simulator]);
        return layers;
    }

    /// <summary>Every build of the simulator makes a layer: the old ones go, but not while another lab may read them.</summary>
    private static void Forget(IReadOnlyList<ImageLayer> inUse)
    {
        var old = DateTime.UtcNow.AddHours(-6);
        foreach (var file in Directory.EnumerateFiles(Folder, "*.tar").Except(inUse.Select(layer => layer.File)))
        {
            if (!Path.GetFileName(file).StartsWith("marker-", StringComparison.Ordinal) && File.GetLastWriteTimeUtc(file) < old)
            {
                File.Delete(file);
            }
        }
    }
}
