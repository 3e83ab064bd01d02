namespace WaMigration.Containers.Docker;

/// <summary>Opens one two-way stream to a Docker engine, for one request.</summary>
internal interface IDockerTransport
{
    /// <summary>Opens; the cancellation also ends a stream that is open.</summary>
    Task<Stream> OpenAsync(CancellationToken cancellation);
}
