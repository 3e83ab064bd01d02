using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WaSimulator.Hosting;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>A node that does nothing but run: for tests of what happens to containers.</summary>
internal sealed class QuietNode(NodeSpec spec, Action<string> log, IDictionary<string, byte[]> files) : ISimNode
{
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> Exited => exited.Task;

    public IReadOnlyDictionary<string, byte[]> Files => new Dictionary<string, byte[]>(files);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        log("started with " + string.Join(' ', spec.Environment.Select(variable => variable.Key + "=" + variable.Value)));
        if (spec.Role == NodeRole.Webapp && !files.ContainsKey("/etc/lighttpd/server.pem"))
        {
            using var key = ECDsa.Create();
            using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            files["/etc/lighttpd/server.pem"] = System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem() + "\n");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(TimeSpan grace)
    {
        exited.TrySetResult(0);
        return Task.CompletedTask;
    }

    public void Kill() => exited.TrySetResult(137);

    public ValueTask DisposeAsync()
    {
        exited.TrySetResult(137);
        return ValueTask.CompletedTask;
    }
}
