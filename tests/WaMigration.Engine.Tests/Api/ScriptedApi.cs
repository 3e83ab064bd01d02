using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WaMigration.Engine.Tests.Api;

/// <summary>An HTTPS server that answers what the test wrote down, with a self-signed certificate as the client's own.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    internal const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYWRtaW4ifQ.c2lnbmF0dXJl";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> script = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SeenRequest> requests = new();
    private readonly WebApplication server;

    private ScriptedApi(WebApplication server, X509Certificate2 certificate)
    {
        this.server = server;
        Certificate = certificate;
    }

    internal X509Certificate2 Certificate { get; }

    internal string Thumbprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    internal Uri Address { get; private set; } = null!;

    internal IReadOnlyList<SeenRequest> Requests => [.. requests];

    internal static async Task<ScriptedApi> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var shown = certificate ?? SelfSigned("wa.example");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(shown)));
        var server = builder.Build();
        var api = new ScriptedApi(server, shown);
        server.Run(api.AnswerAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        api.Address = new Uri(address);
        api.On("POST /v1/users/login", Json($$$"""{"users":[{"token":"{{{Token}}}","expires_after":"2999-09-14 15:29:26+00:00"}],"meta":{"version":"v2.45.1","api_status":"stable"}}"""));
        return api;
    }

    internal static X509Certificate2 SelfSigned(string name, X509Certificate2? issuer = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        if (issuer is null)
        {
            return Usable(request.CreateSelfSigned(from, from.AddYears(1)));
        }

        using var signed = request.Create(issuer, from.AddHours(1), from.AddMonths(6), RandomNumberGenerator.GetBytes(8));
        return Usable(signed.CopyWithPrivateKey(key));
    }

    /// <summary>Answers in that order; the last one goes on.</summary>
    internal void On(string route, params RequestDelegate[] answers) => script[route] = new ConcurrentQueue<RequestDelegate>(answers);

    internal int Count(string route) => requests.Count(request => request.Route == route);

    internal static RequestDelegate Json(string body, int status = 200) => Text(body, "application/json", status);

    internal static RequestDelegate Error(int status, int code, string title, string? details = null) =>
        Json($$"""{"meta":{"version":"v2.45.1"},"errors":[{"code":{{code}},"title":"{{title}}"{{(details is null ? "" : $",\"details\":\"{details}\"")}}}]}""", status);

    internal static RequestDelegate Text(string body, string type, int status = 200) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    };

    /// <summary>Cuts the connection without an answer.</summary>
    internal static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Never answers.</summary>
    internal static Task Hang(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Certificate.Dispose();
    }

    /// <summary>With its key as the TLS stacks of all systems take it.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var route = $"{context.Request.Method} {context.Request.Path}";
        requests.Enqueue(new SeenRequest(route, context.Request.Headers.Authorization.ToString(), body));
        if (!script.TryGetValue(route, out var answers))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.First();
        await answer(context);
    }
}

/// <summary>One request as it came.</summary>
internal sealed record SeenRequest(string Route, string Authorization, string Body);
