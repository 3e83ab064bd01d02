using System.Net;
using WaLab.Net;
using WaLab.Proxies;
using WaSimulator.DockerApi;

namespace WaLab.Setups;

/// <summary>Puts a proxy onto the very port that a Webapp publishes; the Webapp itself listens behind it.</summary>
internal sealed class PublishedApi : IPublishedPort
{
    private HttpProxy? _proxy;

    public void Use(HttpProxy proxy) => Volatile.Write(ref _proxy, proxy);

    public Task OpenAsync(EmbeddedContainer container, IPEndPoint listening) =>
        Volatile.Read(ref _proxy)?.ServerCameAsync(new LabAddress(listening.Port)) ?? Task.CompletedTask;

    public Task CloseAsync() => Volatile.Read(ref _proxy)?.ServerWentAsync() ?? Task.CompletedTask;
}
