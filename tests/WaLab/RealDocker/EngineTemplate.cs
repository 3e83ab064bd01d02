using System.Collections.Immutable;
using WaLab.Servers;
using WaSimulator.DockerApi;
using WaSimulator.Images;

namespace WaLab.RealDocker;

/// <summary>
/// An engine's disk with the images' runtime layer in it, made once and kept in the cache: copying it takes a tenth of
/// the time that loading the layer takes.
/// </summary>
internal static class EngineTemplate
{
    private const string Prefix = "docker-data-";
    private const string Repository = "walab/runtime";

    // Only what holds images. Networks, volumes and the rest are made by each engine for itself.
    private static readonly string[] Parts = ["overlay2", "image"];

    /// <summary>The name under which a host made from the template has that runtime layer.</summary>
    public static string ImageOf(ImageLayer runtime) => Repository + ":" + TagOf(runtime);

    /// <summary>The template's folder; made now, with an engine of its own, where there is none yet.</summary>
    public static async Task<string> EnsureAsync(
        LabNetwork network, DockerHostKeys keys, Action<string> log, CancellationToken cancellationToken)
    {
        var layers = await SimulatorImages.LayersAsync(log, cancellationToken);
        var version = await LabCommand.RunAsync("dockerd", ["--version"], cancellationToken: cancellationToken);
        var key = new string([.. version.Where(char.IsAsciiLetterOrDigit)]);
        var folder = Path.Combine(LabFolders.Cache, $"{Prefix}{key}-{TagOf(layers.Runtime)}");
        await using var once = await LabLock.TakeAsync("docker-template", cancellationToken);
        if (!Directory.Exists(folder))
        {
            log("Preparing the disk of the lab's Docker hosts (once).");
            await MakeAsync(network, keys, layers.Runtime, folder, cancellationToken);
            Forget(folder);
        }

        return folder;
    }

    /// <summary>Puts it under a machine that has not started its engine yet.</summary>
    public static async Task CopyAsync(string template, string dataFolder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataFolder);
        await LabCommand.RunAsync(
            "cp", ["-a", "--reflink=auto", .. Parts.Select(part => Path.Combine(template, part)), dataFolder], cancellationToken: cancellationToken);
    }

    private static string TagOf(ImageLayer runtime) => runtime.Digest[..16];

    private static async Task MakeAsync(
        LabNetwork network, DockerHostKeys keys, ImageLayer runtime, string folder, CancellationToken cancellationToken)
    {
        const int spareMachine = 200;
        await using var machine = await LabMachine.StartAsync(network, spareMachine, cancellationToken);
        await using var engine = await DockerEngine.StartAsync(machine, keys, cancellationToken);
        var archive = new ImageArchiveWriter();
        archive.Add(new DockerImage(Repository, TagOf(runtime)), [runtime]);
        await engine.Api.LoadImagesAsync((stream, cancellation) => archive.WriteAsync(stream, ImmutableHashSet<string>.Empty, cancellation), cancellationToken);
        await engine.StopAsync(cancellationToken);
        var fresh = folder + ".new";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        await CopyAsync(engine.DataFolder, fresh, cancellationToken);
        Directory.Move(fresh, folder);
    }

    /// <summary>Templates of older runtimes go, but not while another lab may copy them.</summary>
    private static void Forget(string inUse)
    {
        var old = DateTime.UtcNow.AddHours(-6);
        foreach (var folder in Directory.EnumerateDirectories(LabFolders.Cache, Prefix + "*").Where(folder => folder != inUse))
        {
            if (Directory.GetCreationTimeUtc(folder) < old)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
