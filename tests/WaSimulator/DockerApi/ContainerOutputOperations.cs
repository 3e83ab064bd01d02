using System.Buffers.Binary;
using System.Text;

namespace WaSimulator.DockerApi;

/// <summary>What comes out of containers: logs.</summary>
internal sealed class ContainerOutputOperations(EmbeddedDockerHost host)
{
    public void Map(DockerRouter router)
    {
        router.Map("GET", "/containers/{id}/logs", LogsAsync);
    }

    private async Task LogsAsync(DockerCall call)
    {
        var container = host.Containers.Get(call.Part("id"));
        if (!call.Flag("stdout") && !call.Flag("stderr"))
        {
            throw DockerError.BadParameter("Bad parameters: you must choose at least one stream");
        }

        var since = DockerTime.Parse(call.Query("since"));
        var until = DockerTime.Parse(call.Query("until"));
        var tail = call.Query("tail") is { Length: > 0 } text && text != "all" ? call.Number("tail") : null;
        var raw = Json.Flag(container.Config, "Tty");
        call.Response.ContentType = raw ? "application/vnd.docker.raw-stream" : "application/octet-stream";
        await call.Response.StartAsync(call.Aborted);
        var (lines, position, changed) = container.Log.ReadFrom(0);
        var wanted = lines.Where(l => (since is null || l.Time >= since) && (until is null || l.Time <= until)).ToList();
        await WriteAsync(call, tail is >= 0 ? wanted.TakeLast(tail.Value) : wanted, raw);
        while (call.Flag("follow") && container.IsRunning)
        {
            // Following ends with the process, after its last words.
            await Task.WhenAny(changed, Ended(container)).WaitAsync(call.Aborted);
            (lines, position, changed) = container.Log.ReadFrom(position);
            await WriteAsync(call, lines, raw);
        }

        (lines, _, _) = container.Log.ReadFrom(position);
        await WriteAsync(call, call.Flag("follow") ? lines : [], raw);
    }

    private static Task Ended(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            return container.State.Ended?.Task ?? Task.CompletedTask;
        }
    }

    private static async Task WriteAsync(DockerCall call, IEnumerable<ContainerLogLine> lines, bool raw)
    {
        // The client writes all to standard output; a caller that asked for errors alone gets nothing.
        if (!call.Flag("stdout"))
        {
            return;
        }

        foreach (var line in lines)
        {
            var text = call.Flag("timestamps") ? $"{DockerTime.Format(line.Time)} {line.Text}\n" : line.Text + "\n";
            var payload = Encoding.UTF8.GetBytes(text);
            if (!raw)
            {
                var header = new byte[8];
                header[0] = 1;
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)payload.Length);
                await call.Response.Body.WriteAsync(header, call.Aborted);
            }

            await call.Response.Body.WriteAsync(payload, call.Aborted);
        }

        await call.Response.Body.FlushAsync(call.Aborted);
    }
}
