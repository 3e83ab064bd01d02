using System.Globalization;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>Starts, stops, kills and removes containers, and lets restart policies act when a process ends by itself.</summary>
internal sealed class ContainerSupervisor(
    EmbeddedDockerHostOptions options, ContainerStore containers, NetworkStore networks, VolumeStore volumes, HostFolder folder,
    DockerEvents events, DockerRules rules)
{
    private readonly HostPorts _ports = new();
    private int _nextPid = 4000;

    private TimeProvider Time => options.TimeProvider;

    /// <summary>False when it runs already.</summary>
    public async Task<bool> StartAsync(EmbeddedContainer container)
    {
        await container.Transition.WaitAsync();
        try
        {
            lock (container.Gate)
            {
                if (container.State.Running)
                {
                    return false;
                }

                container.State.StoppedByHand = false;
                container.State.RestartCount = 0;
                container.State.Error = "";
            }

            await LaunchAsync(container);
            return true;
        }
        finally
        {
            container.Transition.Release();
        }
    }

    /// <summary>False when it does not run.</summary>
    public async Task<bool> StopAsync(EmbeddedContainer container, TimeSpan grace)
    {
        await container.Transition.WaitAsync();
        try
        {
            return await StopHeldAsync(container, grace);
        }
        finally
        {
            container.Transition.Release();
        }
    }

    public async Task RestartAsync(EmbeddedContainer container, TimeSpan grace)
    {
        await container.Transition.WaitAsync();
        try
        {
            await StopHeldAsync(container, grace);
            lock (container.Gate)
            {
                container.State.StoppedByHand = false;
            }

            await LaunchAsync(container);
            events.Add(container, "restart");
        }
        finally
        {
            container.Transition.Release();
        }
    }

    public async Task KillAsync(EmbeddedContainer container, string signal)
    {
        ISimNode? node;
        lock (container.Gate)
        {
            if (!container.State.Running)
            {
                throw new DockerError(409, $"Cannot kill container: {container.Name}: Container {container.Id} is not running");
            }

            node = container.State.Node;
            container.State.StoppedByHand = true;
            container.State.RestartDelay?.Cancel();
        }

        events.Add(container, "kill", ("signal", signal));
        if (signal is "SIGKILL" or "KILL" or "9" or "")
        {
            node?.Kill();
            await EndedAsync(container);
        }
        else if (signal is "SIGTERM" or "TERM" or "15" or "SIGINT" or "INT" or "2" or "SIGQUIT" or "QUIT" or "3")
        {
            // A signal is only delivered; the engine does not wait for what it does.
            _ = node?.StopAsync(TimeSpan.FromDays(1));
        }
    }

    /// <summary>The process ends as if by a crash: nobody asked the engine, so its restart policy acts.</summary>
    public static async Task CrashAsync(EmbeddedContainer container)
    {
        Task exit;
        ISimNode? node;
        lock (container.Gate)
        {
            node = container.State.Node;
            exit = container.State.NextExit.Task;
        }

        if (node is not null)
        {
            node.Kill();
            await exit;
        }
    }

    public async Task RemoveAsync(EmbeddedContainer container, bool force, bool removeVolumes)
    {
        await container.Transition.WaitAsync();
        try
        {
            lock (container.Gate)
            {
                if (container.State.Running && !force)
                {
                    throw new DockerError(
                        409,
                        $"You cannot remove a {container.State.Status} container {container.Id}. Stop the container before attempting removal or force remove");
                }

                if (container.State.Removing)
                {
                    throw new DockerError(409, $"removal of container {container.Name} is already in progress");
                }

                container.State.StoppedByHand = true;
                container.State.RestartDelay?.Cancel();
            }

            container.Node?.Kill();
            await EndedAsync(container);
            lock (container.Gate)
            {
                container.State.Removing = true;
            }

            containers.Remove(container);
            foreach (var mount in container.Mounts.Where(m => removeVolumes && m.Anonymous))
            {
                volumes.Remove(mount.Name);
            }

            events.Add(container, "destroy");
            container.State.Removed.TrySetResult(container.State.ExitCode);
        }
        finally
        {
            container.Transition.Release();
        }
    }

    private async Task<bool> StopHeldAsync(EmbeddedContainer container, TimeSpan grace)
    {
        ISimNode? node;
        lock (container.Gate)
        {
            if (!container.State.Running)
            {
                return false;
            }

            container.State.StoppedByHand = true;
            container.State.RestartDelay?.Cancel();
            node = container.State.Node;
        }

        if (node is not null)
        {
            events.Add(container, "kill", ("signal", "15"));
            var stopped = node.StopAsync(grace);
            await Task.WhenAny(node.Exited, Task.Delay(grace + TimeSpan.FromSeconds(1), Time));
            if (!node.Exited.IsCompleted)
            {
                events.Add(container, "kill", ("signal", "9"));
                node.Kill();
            }

            await stopped;
        }

        await EndedAsync(container);
        events.Add(container, "stop");
        return true;
    }

    private static async Task EndedAsync(EmbeddedContainer container)
    {
        Task? ended;
        lock (container.Gate)
        {
            ended = container.State.Ended?.Task;
        }

        if (ended is not null)
        {
            await ended;
        }

        lock (container.Gate)
        {
            if (container.State.Restarting)
            {
                container.State.Restarting = false;
                container.State.Running = false;
            }
        }
    }

    private async Task LaunchAsync(EmbeddedContainer container)
    {
        foreach (var network in container.Endpoints.Keys)
        {
            networks.Get(network);
        }

        var fixedPorts = container.FixedPorts;
        await _ports.TakeAsync(
            container, fixedPorts.Values.Select(p => p.Port), port => options.PublishedPort?.Invoke(port) is null);
        var publisher = new PortPublisher(container, options);
        var spec = new NodeSpec(
            container.Role ?? NodeRole.Coreapp, container.Id, container.Hostname, container.Image.Version, container.Environment, fixedPorts)
        {
            Folders = FoldersOf(container),
        };
        var view = new EmbeddedNetwork(container, containers, options.Fabric, publisher);
        var node = rules.FailingNode(container.Name, container.Log.Write)
            ?? (container.Role is null
                ? new StandInNode(container.Log.Write, [], exitCode: null)
                : container.HasOwnProgram
                    ? new ProgramNode(container, spec.Folders, container.Log.Write)
                    : options.NodeFactory(spec, view, Time, container.Log.Write, container.FileSystem));
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (container.Gate)
        {
            var state = container.State;
            state.Node = node;
            state.Ended = ended;
            state.Running = true;
            state.Restarting = false;
            state.EverStarted = true;
            state.Pid = Interlocked.Increment(ref _nextPid);
            state.ExitCode = 0;
            state.StartedAt = Time.GetUtcNow();
        }

        events.Add(container, "start");
        int? failed = null;
        try
        {
            await node.StartAsync(CancellationToken.None);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // What a process throws before it runs is, seen from outside, its last words and exit code 1.
            container.Log.Write(problem.Message);
            node.Kill();
            failed = 1;
        }

        _ = WatchAsync(container, node, publisher, ended, failed);
    }

    /// <summary>Its volumes; media lie in the container itself where it has none for them.</summary>
    private Dictionary<string, string> FoldersOf(EmbeddedContainer container)
    {
        var folders = container.Mounts
            .Select(mount => (mount.Destination, Folder: mount.Type == "volume" ? volumes.Get(mount.Name).Folder : mount.Source))
            .ToDictionary(mount => mount.Destination.TrimEnd('/'), mount => mount.Folder, StringComparer.Ordinal);
        if (!folders.ContainsKey(ContainerFiles.MediaFolder))
        {
            folders[ContainerFiles.MediaFolder] = folder.Create("containers", container.Id[..12]);
        }

        return folders;
    }

    private async Task WatchAsync(
        EmbeddedContainer container, ISimNode node, PortPublisher publisher, TaskCompletionSource<int> ended, int? failed)
    {
        var exitCode = failed ?? await node.Exited;
        try
        {
            await node.DisposeAsync();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The process has ended whatever its clean-up says; its words are kept for whoever reads the log.
            container.Log.Write($"{problem.GetType().Name}: {problem.Message}");
        }

        container.Ports.Clear();
        await publisher.CloseAsync();
        _ports.Release(container);
        foreach (var (path, content) in node.Files)
        {
            container.FileSystem[path] = content;
        }

        TimeSpan? delay;
        CancellationToken cancelled = default;
        TaskCompletionSource<int> exit;
        lock (container.Gate)
        {
            var state = container.State;
            state.Node = null;
            state.ExitCode = exitCode;
            state.Pid = 0;
            state.Paused = false;
            state.FinishedAt = Time.GetUtcNow();
            delay = options.IsRunning ? RestartPolicies.NextDelay(container, exitCode) : null;
            state.Restarting = delay is not null;
            state.Running = delay is not null;
            if (delay is not null)
            {
                state.RestartDelay = new CancellationTokenSource();
                cancelled = state.RestartDelay.Token;
            }

            exit = state.NextExit;
            state.NextExit = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        events.Add(container, "die", ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture)));
        exit.TrySetResult(exitCode);
        if (delay is { } wait)
        {
            await RestartByPolicyAsync(container, wait, ended, exitCode, cancelled);
            return;
        }

        ended.TrySetResult(exitCode);
        if (Json.Flag(container.HostConfig, "AutoRemove") && options.IsRunning)
        {
            await RemoveAsync(container, force: true, removeVolumes: true);
        }
    }

    private async Task RestartByPolicyAsync(
        EmbeddedContainer container, TimeSpan wait, TaskCompletionSource<int> ended, int exitCode, CancellationToken cancelled)
    {
        try
        {
            await Task.Delay(wait, Time, cancelled);
        }
        catch (OperationCanceledException)
        {
            lock (container.Gate)
            {
                container.State.Running = false;
                container.State.Restarting = false;
            }

            ended.TrySetResult(exitCode);
            return;
        }

        // Whoever holds the transition now may be stopping it, and waits for the end of this life.
        ended.TrySetResult(exitCode);
        await container.Transition.WaitAsync(CancellationToken.None);
        try
        {
            lock (container.Gate)
            {
                if (container.State.StoppedByHand || !container.State.Restarting)
                {
                    container.State.Running = container.State.Node is not null;
                    container.State.Restarting = false;
                    return;
                }

                container.State.RestartCount++;
            }

            await LaunchAsync(container);
        }
        catch (DockerError refused)
        {
            lock (container.Gate)
            {
                container.State.Running = false;
                container.State.Restarting = false;
                container.State.Error = refused.Message;
                container.State.ExitCode = 128;
            }
        }
        finally
        {
            container.Transition.Release();
        }
    }
}
