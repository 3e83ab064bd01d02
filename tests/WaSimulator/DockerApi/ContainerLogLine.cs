namespace WaSimulator.DockerApi;

/// <summary>One line that a container wrote.</summary>
/// <param name="Time">When.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record ContainerLogLine(DateTimeOffset Time, string Text);
