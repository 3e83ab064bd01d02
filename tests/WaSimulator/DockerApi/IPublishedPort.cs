using System.Net;

namespace WaSimulator.DockerApi;

/// <summary>
/// Somebody who answers on a published host port in place of the container, such as a proxy of a test. The container
/// listens on a free port then, and this is told where.
/// </summary>
public interface IPublishedPort
{
    /// <summary>The container listens now.</summary>
    /// <param name="container">The container.</param>
    /// <param name="listening">Where it really listens.</param>
    Task OpenAsync(EmbeddedContainer container, IPEndPoint listening);

    /// <summary>The container listens no more; the host says that it has ended only after this.</summary>
    Task CloseAsync();
}
