using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// A compose file on a host, run by docker-compose as a person does: the file unchanged, <c>db.env</c> filled in beside
/// it, the rest by variables.
/// </summary>
public sealed class ComposeProject
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _program;
    private readonly string _file;
    private readonly string _name;
    private readonly Dictionary<string, string> _variables;

    private ComposeProject(string program, string file, string name, Dictionary<string, string> variables)
    {
        _program = program;
        _file = file;
        _name = name;
        _variables = variables;
    }

    /// <summary>Prepares a project in a folder on the host's own disk, which goes with it.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="composeFile">The file; it is copied as it is.</param>
    /// <param name="name">Name of the project; names of its containers begin with it.</param>
    /// <param name="database">The lines of db.env.</param>
    /// <param name="variables">What the file takes from the environment, such as WA_API_VERSION.</param>
    /// <param name="log">Told when something must be installed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ComposeProject> CreateAsync(
        DockerEngine engine,
        string composeFile,
        string name,
        IReadOnlyDictionary<string, string> database,
        IReadOnlyDictionary<string, string> variables,
        Action<string>? log = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var program = await DockerPrograms.EnsureComposeAsync(log ?? (_ => { }), cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(engine.Machine.Folder, "compose", name)).FullName;
        var file = Path.Combine(folder, Path.GetFileName(composeFile));
        File.Copy(composeFile, file, overwrite: true);
        var settings = Path.Combine(folder, "db.env");
        await using (File.Create(settings))
        {
            LabFolders.SetMode(settings, OwnerOnly);
        }

        await File.WriteAllLinesAsync(settings, database.Select(line => $"{line.Key}={line.Value}"), cancellationToken);

        // The usual minute an answer is too short where many engines start containers at the same time.
        return new ComposeProject(
            program,
            file,
            name,
            new Dictionary<string, string>(variables) { ["DOCKER_HOST"] = engine.UnixAddress.ToString(), ["COMPOSE_HTTP_TIMEOUT"] = "600" });
    }

    /// <summary>Creates and starts everything in the file.</summary>
    public Task UpAsync(CancellationToken cancellationToken = default) => RunAsync(["up", "-d", "--no-color"], cancellationToken);

    /// <summary>Stops and removes the containers; volumes stay.</summary>
    public Task DownAsync(CancellationToken cancellationToken = default) => RunAsync(["down", "-t", "10"], cancellationToken);

    private Task<string> RunAsync(string[] command, CancellationToken cancellationToken) => LabCommand.RunAsync(
        _program, ["-p", _name, "-f", _file, .. command], _variables, Path.GetDirectoryName(_file), cancellationToken);
}
