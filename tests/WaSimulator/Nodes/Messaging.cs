using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WaSimulator.Hosting;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>A Coreapp's messages: accepted ones are queued and sent by the owner of the shard; what comes back is stored.</summary>
internal sealed class Messaging(CoreContext core, NodeState state, Gateway gateway, CallbackQueue callbacks) : IDisposable
{
    private const int TooOld = 408;
    private const int BatchSize = 50;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly InboundMedia inboundMedia = new(core, state);
    private readonly Signal wake = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> underWay = new(StringComparer.Ordinal);

    public static string NewId() =>
        "gBEG" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)).Replace('+', '-').Replace('/', '_');

    public void Wake() => wake.Set();

    /// <summary>Stores the message before it is answered for; it is sent as soon as there is a connection.</summary>
    public async Task<string> AcceptAsync(string recipient, string type, JsonObject payload, CancellationToken cancellationToken)
    {
        var id = NewId();
        await core.Messages.AcceptAsync(
            id, recipient, type, payload.ToJsonString(), Sharding.Of(recipient, state.Shards), cancellationToken);
        wake.Set();
        return id;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                while (await SendBatchAsync(cancellationToken))
                {
                    // As long as there is something to send.
                }
            }
            catch (DbException problem) when (!cancellationToken.IsCancellationRequested)
            {
                core.Log("ERROR", $"Database: {problem.Message}");
            }

            await wake.WaitAsync(core.Clock.Scale(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2)), cancellationToken);
        }
    }

    /// <summary>A frame from the service.</summary>
    public async Task ReceiveAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (frame is { Type: "accepted", Id: { } id })
        {
            if (underWay.TryRemove(id, out var waiting))
            {
                waiting.TrySetResult();
            }
        }
        else if (frame is { Type: "event", Sequence: { } sequence, Payload: { } payload })
        {
            try
            {
                await StoreAsync(sequence, payload, cancellationToken);
            }
            catch (Exception problem) when (problem is DbException or IOException && !cancellationToken.IsCancellationRequested)
            {
                // Not acknowledged, so it comes again with the next connection.
                core.Log("ERROR", $"Cannot store: {problem.Message}");
                return;
            }

            await gateway.SendAsync(new Frame { Type = "ack", Sequence = sequence }, cancellationToken);
        }
    }

    public void Dispose() => wake.Dispose();

    private async Task<bool> SendBatchAsync(CancellationToken cancellationToken)
    {
        if (state.SendingShard is not { } shard || gateway.Status != "connected")
        {
            return false;
        }

        var batch = await core.Messages.JobsAsync(shard, BatchSize, cancellationToken);
        foreach (var job in batch)
        {
            if (core.Clock.NowMilliseconds - job.CreatedAt > Lifetime.TotalMilliseconds)
            {
                await FailAsync(job, shard, cancellationToken);
            }
            else if (!await SendAsync(job, cancellationToken))
            {
                return false;
            }

            await core.Messages.FinishJobAsync(job.MessageId, cancellationToken);
        }

        return batch.Count == BatchSize;
    }

    private async Task<bool> SendAsync(Stores.Job job, CancellationToken cancellationToken)
    {
        var counter = await core.Keys.NextCounterAsync(job.Recipient, cancellationToken);
        var accepted = underWay.GetOrAdd(
            job.MessageId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var frame = new Frame
        {
            Type = "message",
            Id = job.MessageId,
            Recipient = job.Recipient,
            Counter = counter,
            Payload = (JsonObject)JsonNode.Parse(job.Payload)!,
        };
        if (!await gateway.SendAsync(frame, cancellationToken))
        {
            underWay.TryRemove(job.MessageId, out _);
            return false;
        }

        try
        {
            // The floor: a busy test machine is no lost connection.
            await accepted.Task.WaitAsync(core.Clock.Scale(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)), core.Clock.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            underWay.TryRemove(job.MessageId, out _);
            return false;
        }
    }

    private async Task FailAsync(Stores.Job job, int shard, CancellationToken cancellationToken)
    {
        await core.Messages.ReceiptAsync(job.MessageId, job.Recipient, "failed", cancellationToken);
        var status = new JsonObject
        {
            ["id"] = job.MessageId,
            ["recipient_id"] = job.Recipient,
            ["status"] = "failed",
            ["timestamp"] = core.Clock.Now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["errors"] = new JsonArray(new JsonObject { ["code"] = TooOld, ["title"] = "Message is not valid: it is too old" }),
        };
        await callbacks.AddAsync($"408-{job.MessageId}", shard, new JsonObject { ["statuses"] = new JsonArray(status) }, cancellationToken);
    }

    private async Task StoreAsync(long sequence, JsonObject payload, CancellationToken cancellationToken)
    {
        var number = state.Registration?.Number ?? "";
        foreach (var status in payload["statuses"] as JsonArray ?? [])
        {
            var contact = (string)status!["recipient_id"]!;
            var kind = (string)status["status"]!;
            await core.Messages.ReceiptAsync((string)status["id"]!, contact, kind, cancellationToken);
            if (state.Settings.Wants(kind))
            {
                await callbacks.AddAsync($"{number}-{sequence}", Sharding.Of(contact, state.Shards), payload, cancellationToken);
            }
        }

        foreach (var message in payload["messages"] as JsonArray ?? [])
        {
            var contact = (string)message!["from"]!;
            var name = (string?)payload["contacts"]?[0]?["profile"]?["name"];
            var media = await inboundMedia.FetchAsync(message, cancellationToken);
            await core.Messages.InboundAsync(
                (string)message["id"]!, contact, (string)message["type"]!, message.ToJsonString(), cancellationToken);
            if (media is not null)
            {
                await media();
            }

            await core.Contacts.InboundAsync(contact, name, cancellationToken);
            await callbacks.AddAsync($"{number}-{sequence}", Sharding.Of(contact, state.Shards), payload, cancellationToken);
        }
    }
}
