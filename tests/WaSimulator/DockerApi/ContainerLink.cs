namespace WaSimulator.DockerApi;

/// <summary>A name that a container uses for another one on the default network.</summary>
internal sealed record ContainerLink(string Target, string Alias);
