using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>Ping, version, info and events.</summary>
internal sealed class SystemOperations(EmbeddedDockerHost host)
{
    private EmbeddedDockerHostOptions Options => host.Options;

    public void Map(DockerRouter router)
    {
        router.Map("GET", "/_ping", PingAsync);
        router.Map("HEAD", "/_ping", PingAsync);
        router.Map("GET", "/version", call => call.JsonAsync(Version()));
        router.Map("GET", "/info", call => call.JsonAsync(Info()));
        router.Map("GET", "/events", EventsAsync);
    }

    private static async Task PingAsync(DockerCall call)
    {
        call.Response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        call.Response.ContentType = "text/plain; charset=utf-8";
        if (HttpMethods.IsGet(call.Context.Request.Method))
        {
            await call.TextAsync("OK");
        }
    }

    private JsonObject Version() => new()
    {
        ["Platform"] = new JsonObject { ["Name"] = "WaSimulator embedded Docker host" },
        ["Components"] = new JsonArray(),
        ["Version"] = Options.EngineVersion,
        ["ApiVersion"] = Options.ApiVersion,
        ["MinAPIVersion"] = Options.MinApiVersion,
        ["GitCommit"] = "embedded",
        ["GoVersion"] = "",
        ["Os"] = "linux",
        ["Arch"] = "amd64",
        ["KernelVersion"] = Environment.OSVersion.Version.ToString(),
        ["BuildTime"] = "2025-04-26T09:00:00.000000000+00:00",
    };

    private JsonObject Info()
    {
        var states = host.Containers.All.Select(Status).ToList();
        return new JsonObject
        {
            ["ID"] = host.Id,
            ["Containers"] = states.Count,
            ["ContainersRunning"] = states.Count(s => s is "running" or "restarting"),
            ["ContainersPaused"] = states.Count(s => s == "paused"),
            ["ContainersStopped"] = states.Count(s => s is "exited" or "created"),
            ["Images"] = host.Images.Local.Select(i => i.Id).Distinct().Count(),
            ["Driver"] = "overlay2",
            ["DriverStatus"] = new JsonArray(),
            ["Plugins"] = new JsonObject { ["Volume"] = Json.Strings(["local"]), ["Network"] = Json.Strings(["bridge", "host", "null"]), ["Authorization"] = null, ["Log"] = Json.Strings(["json-file"]) },
            ["MemoryLimit"] = true,
            ["NCPU"] = Environment.ProcessorCount,
            ["MemTotal"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            ["Name"] = Options.Name,
            ["OperatingSystem"] = "WaSimulator embedded Docker host",
            ["OSType"] = "linux",
            ["Architecture"] = "x86_64",
            ["KernelVersion"] = Environment.OSVersion.Version.ToString(),
            ["DockerRootDir"] = "/var/lib/docker",
            ["ServerVersion"] = Options.EngineVersion,
            ["SystemTime"] = DockerTime.Format(Options.TimeProvider.GetUtcNow()),
            ["LoggingDriver"] = "json-file",
            ["CgroupDriver"] = "systemd",
            ["Labels"] = new JsonArray(),
            ["ExperimentalBuild"] = false,
            ["LiveRestoreEnabled"] = false,
            ["Swarm"] = new JsonObject { ["NodeID"] = "", ["LocalNodeState"] = "inactive", ["ControlAvailable"] = false },
            ["DefaultRuntime"] = "runc",
            ["Warnings"] = null,
        };
    }

    private static string Status(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            return container.State.Status;
        }
    }

    private async Task EventsAsync(DockerCall call)
    {
        var since = DockerTime.Parse(call.Query("since"));
        var until = DockerTime.Parse(call.Query("until"));
        var filters = DockerFilters.Read(call, "container", "event", "image", "label", "type", "volume", "network", "daemon", "scope");
        var (past, future, subscription) = host.Events.Listen();
        using (subscription)
        {
            await call.Response.StartAsync(call.Aborted);
            foreach (var happened in past.Where(e => since is not null && e.Time >= since && (until is null || e.Time <= until) && Wanted(e, filters)))
            {
                await call.StreamJsonAsync(happened.ToJson());
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
            if (until is { } end)
            {
                var left = end - Options.TimeProvider.GetUtcNow();
                if (left <= TimeSpan.Zero)
                {
                    return;
                }

                limit.CancelAfter(left);
            }

            try
            {
                await foreach (var happened in future.ReadAllAsync(limit.Token))
                {
                    if (Wanted(happened, filters))
                    {
                        await call.StreamJsonAsync(happened.ToJson());
                    }
                }
            }
            catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
            {
                // The time given by until is over: the stream ends in good order.
                await call.Response.CompleteAsync();
            }
        }
    }

    private static bool Wanted(DockerEvent happened, DockerFilters filters) =>
        filters.Any("type", type => type == happened.Type)
        && filters.Any("event", action => action == happened.Action)
        && filters.Labels(happened.Attributes)
        && filters.Any("image", image => image == happened.Attributes.GetValueOrDefault("image"))
        && filters.Any("container", reference => happened.Type == "container"
            && (happened.Id.StartsWith(reference, StringComparison.Ordinal) || happened.Attributes.GetValueOrDefault("name") == reference));
}
