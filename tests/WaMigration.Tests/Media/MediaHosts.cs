using WaMigration.Tests.Infrastructure;
using WaSimulator.DockerApi;
using WaSimulator.Hosting;

namespace WaMigration.Tests.Media;

/// <summary>Docker hosts with nothing but media volumes and the client's images, and two setups on them: the first half is old.</summary>
internal sealed class MediaHosts : IAsyncDisposable
{
    private readonly List<EmbeddedDockerHost> hosts = [];

    internal PowerShellSession Shell { get; } = new();

    /// <summary>The folder of a host's volume.</summary>
    internal string this[int host] => Volume(host).Folder;

    internal EmbeddedDockerHost Host(int number) => hosts[number];

    internal static async Task<MediaHosts> StartAsync(int hostsASide, IReadOnlyDictionary<string, string>? oldVolume = null)
    {
        var all = new MediaHosts();
        for (var number = 0; number < 2 * hostsASide; number++)
        {
            var host = await EmbeddedDockerHost.StartAsync(
                new EmbeddedDockerHostOptions
                {
                    UnixSocket = Path.Combine(Path.GetTempPath(), "wa" + Guid.NewGuid().ToString("N")[..8] + ".sock"),
                    NodeFactory = SimNodes.Create,
                },
                TestContext.Current.CancellationToken);
            all.hosts.Add(host);
            foreach (var image in DockerImage.Vendor("2.53.1", new DateOnly(2027, 1, 31), new Dictionary<string, string>()))
            {
                host.Images.Add(image);
            }

            host.Volumes.Ensure("wa_whatsappMedia", options: number < hostsASide ? oldVolume : null);
        }

        all.Shell.Set("ErrorActionPreference", System.Management.Automation.ActionPreference.Stop);
        all.Shell.Set("addresses", all.hosts.Select(host => host.Address).ToArray());
        all.Shell.Run($$"""
            $old = Connect-WaSetup -NotInstalled -Name old -ApiUri https://127.0.0.1:1 -DockerHost $addresses[0..{{hostsASide - 1}}]
            $new = Connect-WaSetup -NotInstalled -Name new -ApiUri https://127.0.0.1:2 -DockerHost $addresses[{{hostsASide}}..{{(2 * hostsASide) - 1}}]
            """).MustSucceed();
        return all;
    }

    internal DockerVolume Volume(int host) => hosts[host].Volumes.All.Single(volume => volume.Name == "wa_whatsappMedia");

    /// <summary>Writes a file, at a time that all tests share.</summary>
    internal void Write(int host, string name, string content)
    {
        var path = Path.Combine(this[host], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    }

    /// <summary>Names and contents, in order.</summary>
    internal string Contents(int host) => string.Join(", ", Directory.GetFiles(this[host], "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(this[host], path) + "=" + File.ReadAllText(path))
        .Order(StringComparer.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }
}
