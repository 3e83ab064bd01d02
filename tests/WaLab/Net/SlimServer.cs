using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace WaLab.Net;

/// <summary>A small HTTP server at one address that can stop listening and begin again at the same one.</summary>
internal sealed class SlimServer(LabAddress address, Action<ListenOptions> configure, RequestDelegate handler) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private WebApplication? _application;

    /// <summary>Where it listens; with a port once it has listened.</summary>
    public LabAddress Address { get; private set; } = address;

    public bool IsListening => Volatile.Read(ref _application) is not null;

    public async Task ListenAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_application is not null)
            {
                return;
            }

            ListenOptions? bound = null;
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.AllowSynchronousIO = false;
                Bind(kestrel, listen =>
                {
                    bound = listen;
                    listen.Protocols = HttpProtocols.Http1;
                    configure(listen);
                });
            });
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
            var application = builder.Build();
            application.Run(handler);
            try
            {
                await application.StartAsync(cancellationToken);
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }

            if (Address.UnixSocket is null)
            {
                Address = Address with { TcpPort = bound!.IPEndPoint!.Port };
            }

            Volatile.Write(ref _application, application);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the listener and every connection at once; new ones are refused.</summary>
    public async Task UnlistenAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_application is { } application)
            {
                Volatile.Write(ref _application, null);

                // A cancelled token makes the server abort what is open instead of waiting for it.
                await application.StopAsync(new CancellationToken(canceled: true));
                await application.DisposeAsync();
            }

            if (Address.UnixSocket is { } path)
            {
                File.Delete(path);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnlistenAsync();
        _gate.Dispose();
    }

    private void Bind(KestrelServerOptions kestrel, Action<ListenOptions> listen)
    {
        if (Address.UnixSocket is { } path)
        {
            File.Delete(path);
            kestrel.ListenUnixSocket(path, listen);
        }
        else
        {
            kestrel.Listen(Address.Host ?? IPAddress.Loopback, Address.TcpPort, listen);
        }
    }
}
