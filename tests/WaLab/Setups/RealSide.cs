using System.Collections.Concurrent;
using System.Text;
using WaLab.Net;
using WaLab.RealDocker;
using WaSimulator.Hosting;

namespace WaLab.Setups;

/// <summary>A side on real Docker hosts.</summary>
internal sealed class RealSide(IReadOnlyList<DockerEngine> engines, int apiPort) : ILabSide
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, string> _certificates = new(StringComparer.Ordinal);

    public IReadOnlyList<DockerEngine> Engines { get; } = engines;

    public IReadOnlyList<string> Sockets { get; } = [.. engines.Select(engine => engine.UnixAddress.LocalPath)];

    /// <summary>The port that the first Webapp publishes on its host.</summary>
    public LabAddress Api { get; } = new(apiPort, Host: engines[0].Address);

    public IReadOnlyList<string> ContainerNames() => Now(async () =>
    {
        var lists = await Task.WhenAll(Engines.Select(engine => engine.Api.ContainersAsync()));
        return lists.SelectMany(list => list).Select(container => container.Name).Order(StringComparer.Ordinal).ToList();
    });

    public Uri? ApiAddress() => Now(() => AnswersAsync(CancellationToken.None)) ? new Uri($"https://{Api.Host}:{Api.TcpPort}") : null;

    public string? CertificatePem() => Now(ReadCertificateAsync);

    public async Task<string> LastLinesAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var engine in Engines)
        {
            foreach (var container in await engine.Api.ContainersAsync(cancellationToken))
            {
                var log = await engine.Api.LogAsync(container.Id, 8, cancellationToken);
                text.AppendLine(string.Join(Environment.NewLine, $"{engine.Name} {container.Name} ({container.State}):", log));
            }
        }

        return text.ToString();
    }

    /// <summary>True while something listens behind the published port.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectPatience);
        try
        {
            return await Api.AcceptsAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A host without power or cable says nothing at all.
            return false;
        }
    }

    /// <summary>What a test asks for in the middle of other things; the engine answers within milliseconds.</summary>
    private static T Now<T>(Func<Task<T>> question) => Task.Run(question).GetAwaiter().GetResult();

    private async Task<string?> ReadCertificateAsync()
    {
        var engine = Engines[0];
        var webapps = (await engine.Api.ContainersAsync())
            .Where(container => container.Image.Contains("/web:", StringComparison.Ordinal))
            .OrderByDescending(container => container.State == "running");
        foreach (var webapp in webapps)
        {
            if (_certificates.TryGetValue(webapp.Id, out var known))
            {
                return known;
            }

            if (await engine.Api.FileAsync(webapp.Id, ContainerFiles.ServerPem) is { } content)
            {
                return _certificates[webapp.Id] = Encoding.ASCII.GetString(content);
            }
        }

        return null;
    }
}
