using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WaSimulator.Hosting;

/// <summary>A small HTTP(S) server on one or more end points; it can be drained or cut off.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private const int BindAttempts = 100;

    private static readonly TimeSpan BindPause = TimeSpan.FromMilliseconds(20);

    private readonly WebApplication application;
    private int ended;

    private HttpHost(WebApplication application, IReadOnlyList<IPEndPoint> bound)
    {
        this.application = application;
        Bound = bound;
    }

    /// <summary>The end points as they came out, in the order asked for.</summary>
    public IReadOnlyList<IPEndPoint> Bound { get; }

    public static async Task<HttpHost> StartAsync(
        IReadOnlyList<IPEndPoint> endPoints,
        RequestDelegate handler,
        X509Certificate2? certificate,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryStartAsync(endPoints, handler, certificate, cancellationToken);
            }
            catch (IOException) when (attempt < BindAttempts)
            {
                // A published port of a node that was killed a moment ago may not be free yet.
                await Task.Delay(BindPause, cancellationToken);
            }
        }
    }

    private static async Task<HttpHost> TryStartAsync(
        IReadOnlyList<IPEndPoint> endPoints,
        RequestDelegate handler,
        X509Certificate2? certificate,
        CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var listening = new List<ListenOptions>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var endPoint in endPoints)
            {
                kestrel.Listen(endPoint, options =>
                {
                    listening.Add(options);
                    options.Protocols = HttpProtocols.Http1;
                    if (certificate is not null)
                    {
                        options.UseHttps(certificate);
                    }
                });
            }
        });
        var application = builder.Build();
        application.UseWebSockets();
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

        return new HttpHost(application, [.. listening.Select(options => options.IPEndPoint!)]);
    }

    /// <summary>Stops listening, and gives requests under way so long to end.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
        {
            return;
        }

        using var limit = new CancellationTokenSource(grace);
        await application.StopAsync(limit.Token);
        await application.DisposeAsync();
    }

    /// <summary>Closes the listeners and every connection now.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            _ = AbortAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            await AbortAsync();
        }
    }

    private async Task AbortAsync()
    {
        // An already cancelled token makes Kestrel unbind and abort what is open instead of waiting for it.
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }
}
