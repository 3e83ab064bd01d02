using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>A webhook receiver over HTTPS that can refuse and be slow.</summary>
internal sealed class TestWebhook : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly X509Certificate2 server;
    private int concurrent;
    private int highest;

    private TestWebhook(WebApplication application, X509Certificate2 authority, X509Certificate2 server)
    {
        this.application = application;
        Authority = authority;
        this.server = server;
    }

    public X509Certificate2 Authority { get; }

    public string Url { get; private set; } = "";

    public volatile int Answer = 200;

    public TimeSpan Delay { get; set; }

    public int HighestConcurrency => highest;

    public ConcurrentQueue<JsonNode> Received { get; } = new();

    public IEnumerable<JsonNode> Statuses => Received.SelectMany(item => item["statuses"]?.AsArray().Select(status => status!) ?? []);

    public IEnumerable<JsonNode> Messages => Received.SelectMany(item => item["messages"]?.AsArray().Select(message => message!) ?? []);

    public static async Task<TestWebhook> StartAsync()
    {
        var authority = TestCertificates.Authority();
        var server = TestCertificates.Server(authority);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? listening = null;
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, options =>
        {
            listening = options;
            options.UseHttps(server);
        }));
        var application = builder.Build();
        var webhook = new TestWebhook(application, authority, server);
        application.Run(async context =>
        {
            var now = Interlocked.Increment(ref webhook.concurrent);
            InterlockedMax(ref webhook.highest, now);
            try
            {
                var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
                await Task.Delay(webhook.Delay, context.RequestAborted);
                if (webhook.Answer == 200)
                {
                    webhook.Received.Enqueue(body!);
                }

                context.Response.StatusCode = webhook.Answer;
            }
            finally
            {
                Interlocked.Decrement(ref webhook.concurrent);
            }
        });
        await application.StartAsync();
        webhook.Url = $"https://{listening!.IPEndPoint}/hook";
        return webhook;
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
        Authority.Dispose();
        server.Dispose();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
