namespace WaSimulator.DockerApi;

/// <summary>A refusal as the engine gives it: a status code and <c>{"message":"…"}</c>.</summary>
internal sealed class DockerError : Exception
{
    public DockerError(int status, string message)
        : base(message)
    {
        Status = status;
    }

    public int Status { get; }

    public static DockerError NoSuchContainer(string reference) => new(404, "No such container: " + reference);

    public static DockerError NoSuchImage(string reference) => new(404, "No such image: " + reference);

    public static DockerError BadParameter(string message) => new(400, message);
}
