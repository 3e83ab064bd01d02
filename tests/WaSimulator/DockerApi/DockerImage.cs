using System.Globalization;
using System.Text.Json.Nodes;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>An image: what its containers run and inherit.</summary>
/// <param name="Repository">Name without the tag, such as <c>docker.whatsapp.biz/coreapp</c>.</param>
/// <param name="Tag">The tag, such as <c>v2.53.1</c>.</param>
public sealed record DockerImage(string Repository, string Tag)
{
    /// <summary>Where the vendor's images come from.</summary>
    public const string VendorRegistry = "docker.whatsapp.biz";

    /// <summary>Where the client keeps media; the images declare it a volume.</summary>
    public const string MediaFolder = "/usr/local/wamedia";

    /// <summary>The full name.</summary>
    public string Reference => Repository + ":" + Tag;

    /// <summary>Environment that every container of the image starts with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels that every container of the image starts with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The default command; an image without one needs a command at create.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Container ports that the image exposes.</summary>
    public IReadOnlyList<int> ExposedPorts { get; init; } = [];

    /// <summary>Paths for which a container gets an anonymous volume.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>When it was built.</summary>
    public DateTimeOffset Created { get; init; } = new(2025, 4, 26, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The id, <c>sha256:…</c>; the same content has the same id on every host.</summary>
    public string Id { get; init; } = "sha256:" + DockerIds.Of(Repository + ":" + Tag);

    /// <summary>The client version, from the tag without its v.</summary>
    public string Version => Tag.StartsWith('v') ? Tag[1..] : Tag;

    /// <summary>The two images of one client version, as the vendor builds them.</summary>
    /// <param name="version">Client version without the v.</param>
    /// <param name="expires">End of the build's life; the vendor stamps it on the image.</param>
    /// <param name="environment">Variables in the image, such as the address of the simulated service.</param>
    public static IReadOnlyList<DockerImage> Vendor(
        string version, DateOnly expires, IReadOnlyDictionary<string, string> environment)
    {
        var labels = new Dictionary<string, string>
        {
            ["EXPIRES_ON"] = expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        string[] command = ["/opt/whatsapp/bin/launch_within_docker.sh"];
        return
        [
            new DockerImage(VendorRegistry + "/coreapp", "v" + version)
            {
                Environment = environment, Labels = labels, Command = command, ExposedPorts = [6250, 6251, 6252, 6253],
                Volumes = [MediaFolder],
            },
            new DockerImage(VendorRegistry + "/web", "v" + version)
            {
                Environment = environment, Labels = labels, Command = command, ExposedPorts = [443],
                Volumes = [MediaFolder],
            },
        ];
    }

    /// <summary>The program that a container with this environment runs; null for images that are not the client's.</summary>
    internal NodeRole? RoleOf(IReadOnlyDictionary<string, string> environment) => Repository.Split('/')[^1] switch
    {
        "web" => NodeRole.Webapp,
        "coreapp" => environment.GetValueOrDefault("WA_MASTER_NODE") == "1" ? NodeRole.Master : NodeRole.Coreapp,
        _ => null,
    };

    internal JsonObject ConfigJson() => new()
    {
        ["Hostname"] = "",
        ["Domainname"] = "",
        ["User"] = "",
        ["AttachStdin"] = false,
        ["AttachStdout"] = false,
        ["AttachStderr"] = false,
        ["ExposedPorts"] = Json.EmptyObjects(ExposedPorts.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp"))),
        ["Tty"] = false,
        ["OpenStdin"] = false,
        ["StdinOnce"] = false,
        ["Env"] = Json.Strings(Environment.Select(e => e.Key + "=" + e.Value).Prepend("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")),
        ["Cmd"] = Command.Count == 0 ? null : Json.Strings(Command),
        ["Image"] = "",
        ["Volumes"] = Volumes.Count == 0 ? null : Json.EmptyObjects(Volumes),
        ["WorkingDir"] = "/",
        ["Entrypoint"] = null,
        ["OnBuild"] = null,
        ["Labels"] = Json.Map(Labels),
    };
}
