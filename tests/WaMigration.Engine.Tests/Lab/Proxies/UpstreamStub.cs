using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WaMigration.Engine.Tests.Lab.Proxies;

/// <summary>A server behind a proxy that counts what reaches it.</summary>
internal sealed class UpstreamStub : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _reached;

    private UpstreamStub(WebApplication application) => _application = application;

    public int Port { get; private set; }

    /// <summary>Requests that had their effect.</summary>
    public int Reached => Volatile.Read(ref _reached);

    public static async Task<UpstreamStub> StartAsync(int port = 0, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            bound = listen;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var stub = new UpstreamStub(builder.Build());
        stub._application.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            Interlocked.Increment(ref stub._reached);
            context.Response.StatusCode = 201;
            context.Response.Headers["X-Upstream"] = "stub";
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body} {context.Request.Headers.Authorization}");
        });
        await stub._application.StartAsync();
        stub.Port = bound!.IPEndPoint!.Port;
        return stub;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
