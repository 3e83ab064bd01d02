using System.Text;
using WaSimulator.DockerApi;
using WaSimulator.Hosting;

namespace WaLab.Setups;

/// <summary>A side on the simulator's own Docker API.</summary>
internal sealed class EmbeddedSide(EmbeddedDockerHost engine) : ILabSide
{
    public EmbeddedDockerHost Engine { get; } = engine;

    public IReadOnlyList<string> Sockets { get; } = [engine.Address.LocalPath];

    public IReadOnlyList<string> ContainerNames() => [.. Engine.Containers.All.Select(c => c.Name).Order(StringComparer.Ordinal)];

    public Uri? ApiAddress() => Webapps.FirstOrDefault(c => c.IsRunning && c.ListeningOn.ContainsKey(443)) is { } webapp
        ? new Uri($"https://{webapp.ListeningOn[443]}")
        : null;

    public string? CertificatePem() => Webapps
        .Select(c => c.ReadFile(ContainerFiles.ServerPem))
        .FirstOrDefault(content => content is not null) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;

    public Task<string> LastLinesAsync(CancellationToken cancellationToken) => Task.FromResult(string.Join(
        Environment.NewLine,
        Engine.Containers.All.SelectMany(c => c.Log.Lines.TakeLast(8).Select(line => $"{c.Name}: {line.Text}"))));

    private IEnumerable<EmbeddedContainer> Webapps => Engine.Containers.All.Where(c => c.Role == NodeRole.Webapp);
}
