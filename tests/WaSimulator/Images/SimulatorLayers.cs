using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace WaSimulator.Images;

/// <summary>The layers of the client's images: what is below the simulator, and the simulator that runs in this process.</summary>
public static class SimulatorLayers
{
    private const string Program = "WaSimulator";
    private const string ProgramFolder = "opt/whatsapp/simulator/";
    private const string ScriptFolder = "opt/whatsapp/bin/";

    private static readonly string[] Scripts = ["wait_on_mysql.sh", "wait_on_postgres.sh", "launch_within_docker.sh"];

    /// <summary>A small system with a shell and the .NET runtime.</summary>
    /// <param name="cacheFolder">Where layers are kept.</param>
    /// <param name="busybox">A busybox that needs no libraries.</param>
    /// <param name="applets">What it can be called as.</param>
    public static ImageLayer Runtime(string cacheFolder, string busybox, IReadOnlyList<string> applets)
    {
        ArgumentNullException.ThrowIfNull(applets);
        var files = RuntimeFiles.Find();
        return ImageLayer.GetOrWrite(cacheFolder, "runtime", files.Key, layer =>
        {
            layer.Link("bin", "usr/bin");
            layer.Link("sbin", "usr/bin");
            layer.Link("lib", "usr/lib");
            layer.Link("lib64", "usr/lib64");
            layer.Link("usr/sbin", "bin");
            layer.File("usr/bin/busybox", busybox, program: true);
            foreach (var applet in applets.Where(applet => applet != "busybox").Order(StringComparer.Ordinal))
            {
                layer.Link("usr/bin/" + applet, "busybox");
            }

            foreach (var library in files.NativeLibraries)
            {
                layer.File(BelowUsr(library), library, program: true);
            }

            foreach (var file in files.Runtime)
            {
                layer.File(
                    "usr/share/dotnet/" + Path.GetRelativePath(files.DotnetRoot, file), file, program: !file.EndsWith(".dll", StringComparison.Ordinal));
            }

            layer.Text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
            layer.Text("etc/group", "root:x:0:\n");
            layer.Text("etc/nsswitch.conf", "hosts: files dns\n");
            layer.Text("etc/ssl/openssl.cnf", "openssl_conf = default\n[default]\n");
            layer.Folder("root");
            layer.Folder("etc/lighttpd");
            layer.Folder("var/log");
            layer.Folder("usr/local/wamedia");
            layer.Folder("usr/local/waent/logs");
            layer.Folder("tmp", (UnixFileMode)0b1_111_111_111);
        });
    }

    /// <summary>The simulator, as it runs in this process, and the vendor's start scripts.</summary>
    public static ImageLayer Simulator(string cacheFolder)
    {
        var folder = AppContext.BaseDirectory;
        var dependencies = Path.Combine(folder, Program + ".deps.json");
        var files = Assemblies(dependencies).Select(name => Path.Combine(folder, name)).ToList();
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ProgramFolder + Program + ".deps.json"] = File.ReadAllText(dependencies),
            [ProgramFolder + Program + ".runtimeconfig.json"] = RuntimeSettings(Path.Combine(folder, Program + ".runtimeconfig.json")),
        };
        foreach (var script in Scripts)
        {
            texts[ScriptFolder + script] = Script(script);
        }

        return ImageLayer.GetOrWrite(cacheFolder, "simulator", Key(files, texts.Values), layer =>
        {
            foreach (var file in files)
            {
                layer.File(ProgramFolder + Path.GetFileName(file), file);
            }

            foreach (var (path, text) in texts)
            {
                layer.Text(path, text, program: path.StartsWith(ScriptFolder, StringComparison.Ordinal));
            }
        });
    }

    /// <summary>What makes an image of a program and a version.</summary>
    /// <param name="cacheFolder">Where layers are kept.</param>
    /// <param name="program">coreapp or web.</param>
    /// <param name="version">Client version without the v.</param>
    public static ImageLayer Marker(string cacheFolder, string program, string version) =>
        ImageLayer.GetOrWrite(
            cacheFolder, "marker", $"{program}-{version}", layer => layer.Text("opt/whatsapp/image", $"{program} {version}\n"));

    /// <summary>Libraries stand below /usr in the image, whose other places lead there.</summary>
    private static string BelowUsr(string path) => path.StartsWith("/usr/", StringComparison.Ordinal) ? path : "usr" + path;

    private static List<string> Assemblies(string dependencies)
    {
        if (!File.Exists(dependencies))
        {
            throw new SimulatorImageException($"{dependencies} is missing: the images are made of the built simulator.");
        }

        var targets = JsonNode.Parse(File.ReadAllText(dependencies))!["targets"]!.AsObject();
        return
        [
            .. targets.SelectMany(target => target.Value!.AsObject())
                .SelectMany(library => library.Value?["runtime"]?.AsObject().Select(file => Path.GetFileName(file.Key)) ?? [])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Settings for many small processes: no ICU in the image, and no threads and counters that pay off later.</summary>
    private static string RuntimeSettings(string file)
    {
        var settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var options = settings["runtimeOptions"]!.AsObject();
        var properties = options["configProperties"] as JsonObject ?? [];
        options["configProperties"] = properties;
        properties["System.Globalization.Invariant"] = true;
        properties["System.GC.Server"] = false;
        properties["System.GC.Concurrent"] = false;
        properties["System.Runtime.TieredPGO"] = false;
        return settings.ToJsonString();
    }

    private static string Script(string name)
    {
        using var stream = typeof(SimulatorLayers).Assembly.GetManifestResourceStream("Images." + name)
            ?? throw new SimulatorImageException($"{name} is not in the simulator.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Key(IEnumerable<string> files, IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        foreach (var text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
