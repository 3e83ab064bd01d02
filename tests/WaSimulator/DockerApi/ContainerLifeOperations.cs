using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>The life of containers: start, stop, restart, kill, wait.</summary>
internal sealed class ContainerLifeOperations(EmbeddedDockerHost host, ContainerSupervisor supervisor)
{
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(10);

    public void Map(DockerRouter router)
    {
        router.Map("POST", "/containers/{id}/start", StartAsync);
        router.Map("POST", "/containers/{id}/stop", StopAsync);
        router.Map("POST", "/containers/{id}/restart", RestartAsync);
        router.Map("POST", "/containers/{id}/kill", KillAsync);
        router.Map("POST", "/containers/{id}/wait", WaitAsync);
    }

    private EmbeddedContainer Container(DockerCall call) => host.Containers.Get(call.Part("id"));

    private async Task StartAsync(DockerCall call) =>
        await call.NoContentAsync(await supervisor.StartAsync(Container(call)) ? 204 : 304);

    private async Task StopAsync(DockerCall call) =>
        await call.NoContentAsync(await supervisor.StopAsync(Container(call), call.Grace(UsualGrace)) ? 204 : 304);

    private async Task RestartAsync(DockerCall call)
    {
        await supervisor.RestartAsync(Container(call), call.Grace(UsualGrace));
        await call.NoContentAsync();
    }

    private async Task KillAsync(DockerCall call)
    {
        await supervisor.KillAsync(Container(call), call.Query("signal") ?? "SIGKILL");
        await call.NoContentAsync();
    }

    private async Task WaitAsync(DockerCall call)
    {
        var container = Container(call);
        Task<int> end;
        lock (container.Gate)
        {
            end = call.Query("condition") switch
            {
                "next-exit" => container.State.NextExit.Task,
                "removed" => container.State.Removed.Task,
                null or "" or "not-running" => container.State.Running && container.State.Ended is { } ended
                    ? ended.Task
                    : Task.FromResult(container.State.ExitCode),
                var unknown => throw DockerError.BadParameter($"invalid condition: \"{unknown}\""),
            };
        }

        // The engine sends its headers at once and the answer when the container has ended.
        await call.Response.StartAsync(call.Aborted);
        var exitCode = await end.WaitAsync(call.Aborted);
        await call.StreamJsonAsync(new JsonObject { ["Error"] = null, ["StatusCode"] = exitCode });
    }
}
