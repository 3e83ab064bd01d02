using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>
/// A Docker host without Docker: the part of the Engine API that migrations use, over a unix socket or TCP, with nodes of
/// the simulator as the containers' processes in this very process.
/// </summary>
public sealed class EmbeddedDockerHost : IAsyncDisposable
{
    private readonly DockerRouter _router;
    private readonly ContainerSupervisor _supervisor;
    private readonly SemaphoreSlim _front = new(1);
    private WebApplication? _application;
    private IPEndPoint? _tcp;

    private EmbeddedDockerHost(EmbeddedDockerHostOptions options)
    {
        Options = options;
        Events = new DockerEvents(options.TimeProvider);
        Volumes = new VolumeStore(options.TimeProvider, Folder);
        Networks = new NetworkStore(options.TimeProvider);
        _supervisor = new ContainerSupervisor(options, Containers, Networks, Volumes, Folder, Events, Rules);
        _router = new DockerRouter(options, Rules);
        new SystemOperations(this).Map(_router);
        new ImageOperations(this).Map(_router);
        new ContainerOperations(this, _supervisor).Map(_router);
        new ContainerLifeOperations(this, _supervisor).Map(_router);
        new ContainerOutputOperations(this).Map(_router);
        new ContainerArchiveOperations(this).Map(_router);
        new VolumeOperations(this).Map(_router);
        new NetworkOperations(this).Map(_router);
    }

    /// <summary>The images on the host, and what it can pull.</summary>
    public ImageStore Images { get; } = new();

    /// <summary>The containers of the host.</summary>
    public ContainerStore Containers { get; } = new();

    /// <summary>The volumes of the host.</summary>
    public VolumeStore Volumes { get; }

    /// <summary>All that happened on the host.</summary>
    public DockerEvents Events { get; }

    /// <summary>How it misbehaves.</summary>
    public DockerRules Rules { get; } = new();

    /// <summary>The host's unique id, as <c>/info</c> tells it.</summary>
    public string Id { get; } = DockerIds.Random()[..48].ToUpperInvariant();

    /// <summary>The address for <c>-DockerHost</c> or <c>DOCKER_HOST</c>: the unix socket if there is one.</summary>
    public Uri Address => Options.UnixSocket is { } path ? new Uri("unix://" + path) : TcpAddress!;

    /// <summary>The TCP address, if it listens on one.</summary>
    public Uri? TcpAddress => _tcp is null ? null : new Uri($"tcp://{_tcp}");

    internal EmbeddedDockerHostOptions Options { get; }

    /// <summary>The content of volumes, and what containers wrote beside them.</summary>
    internal HostFolder Folder { get; } = new();

    internal NetworkStore Networks { get; }

    /// <summary>Starts a host.</summary>
    public static async Task<EmbeddedDockerHost> StartAsync(EmbeddedDockerHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.UnixSocket is null && options.Tcp is null)
        {
            throw new ArgumentException("A Docker host needs a unix socket or a TCP end point.", nameof(options));
        }

        var host = new EmbeddedDockerHost(options);
        await host.ListenAsync(cancellationToken);
        return host;
    }

    /// <summary>Stops listening, as if the engine's API had gone while its containers run on.</summary>
    public async Task UnlistenAsync()
    {
        await _front.WaitAsync();
        try
        {
            if (_application is { } application)
            {
                _application = null;

                // A cancelled token makes the server abort what is open instead of waiting for it.
                await application.StopAsync(new CancellationToken(canceled: true));
                await application.DisposeAsync();
            }

            if (Options.UnixSocket is { } path)
            {
                File.Delete(path);
            }
        }
        finally
        {
            _front.Release();
        }
    }

    /// <summary>Listens again, on the same addresses.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken = default)
    {
        await _front.WaitAsync(cancellationToken);
        try
        {
            if (_application is not null)
            {
                return;
            }

            var application = Build();
            try
            {
                await application.StartAsync(cancellationToken);
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }

            _application = application;
        }
        finally
        {
            _front.Release();
        }
    }

    /// <summary>Ends a container's process as a crash would: its restart policy acts.</summary>
    public Task CrashAsync(string container) => ContainerSupervisor.CrashAsync(Containers.Get(container));

    /// <summary>Ends everything: the API at once, then every process.</summary>
    public async ValueTask DisposeAsync()
    {
        Options.IsRunning = false;
        await UnlistenAsync();
        await Task.WhenAll(Containers.All.Select(c => _supervisor.RemoveAsync(c, force: true, removeVolumes: true)));

        Options.Fabric.Remove(this);
        Folder.Dispose();
        _front.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        ListenOptions? tcp = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            if (Options.UnixSocket is { } path)
            {
                File.Delete(path);
                kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
            }

            if ((_tcp ?? Options.Tcp) is { } endPoint)
            {
                kestrel.Listen(endPoint, listen =>
                {
                    tcp = listen;
                    listen.Protocols = HttpProtocols.Http1;
                    if (Options.ServerCertificate is { } certificate)
                    {
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = certificate;
                            if (Options.ClientCa is { } authority)
                            {
                                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                                https.ClientCertificateValidation = (shown, _, _) => ClientCertificates.IsSignedBy(shown, authority);
                            }
                        });
                    }
                });
            }
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        var application = builder.Build();
        application.Lifetime.ApplicationStarted.Register(() => _tcp = tcp?.IPEndPoint);
        application.Run(_router.HandleAsync);
        return application;
    }
}
