using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Nodes;

/// <summary>
/// Callbacks wait in callbackStore until the webhook takes them (in memory alone where callback_persist was off when
/// the node started). Failures are tried again with linear back-off.
/// </summary>
internal sealed class CallbackQueue(CoreContext core, NodeState state) : IDisposable
{
    private readonly Signal wake = new();
    private readonly ConcurrentQueue<MemoryCallback> memory = new();
    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);
    private HttpClient? http;
    private Uri? lastUrl;
    private long requests;
    private int inMemory;

    /// <summary>Requests made since the start.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Callbacks held in memory alone.</summary>
    public int InMemory => Volatile.Read(ref inMemory);

    public void Wake() => wake.Set();

    public async Task AddAsync(string eventId, int shard, JsonObject payload, CancellationToken cancellationToken)
    {
        var text = payload.ToJsonString(ApiJson.Options);
        if (state.StartSettings.CallbackPersist)
        {
            await core.Callbacks.AddAsync(eventId, shard, text, cancellationToken);
        }
        else if (seen.TryAdd(eventId, 0))
        {
            memory.Enqueue(new MemoryCallback(text, Attempts: 0, DueAt: 0));
            Interlocked.Increment(ref inMemory);
        }

        wake.Set();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = core.Clock.Scale(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
            try
            {
                if (state is { IsReady: true, Registration: not null, Settings.WebhookUrl: { } url })
                {
                    pause = await SendDueAsync(url, cancellationToken) ?? pause;
                }
            }
            catch (DbException problem) when (!cancellationToken.IsCancellationRequested)
            {
                core.Log("ERROR", $"Database: {problem.Message}");
            }

            await wake.WaitAsync(pause, cancellationToken);
        }
    }

    public void Dispose()
    {
        wake.Dispose();
        http?.Dispose();
    }

    /// <summary>Sends what is due; answers when to look again if sooner than usual.</summary>
    private async Task<TimeSpan?> SendDueAsync(Uri url, CancellationToken cancellationToken)
    {
        if (lastUrl != url && state.SendingShard is { } mine)
        {
            lastUrl = url;
            await core.Callbacks.RetryAllAsync(mine, cancellationToken);
        }

        var limit = state.StartSettings.MaxConcurrentRequests;
        var failed = false;
        while (true)
        {
            var stored = state.SendingShard is { } shard ? await core.Callbacks.DueAsync(shard, limit, cancellationToken) : [];
            var results = await Task.WhenAll(stored.Select(callback => SendStoredAsync(url, callback, cancellationToken)));
            failed |= results.Contains(false);
            if (stored.Count < limit || state.Settings.WebhookUrl != url)
            {
                break;
            }
        }

        failed |= !await SendMemoryAsync(url, limit, cancellationToken);
        return failed ? core.Clock.Scale(state.Settings.CallbackBackoff, Durations.BusyTickFloor) : null;
    }

    private async Task<bool> SendStoredAsync(Uri url, Stores.StoredCallback callback, CancellationToken cancellationToken)
    {
        var error = await PostAsync(url, callback.Payload, cancellationToken);
        if (error is null)
        {
            await core.Callbacks.TakenAsync(callback.Id, cancellationToken);
            return true;
        }

        await core.Callbacks.PostponeAsync(callback.Id, DueAfter(callback.Attempts + 1), error, cancellationToken);
        return false;
    }

    private async Task<bool> SendMemoryAsync(Uri url, int limit, CancellationToken cancellationToken)
    {
        var good = true;
        for (var left = memory.Count; left > 0; left -= limit)
        {
            var batch = new List<MemoryCallback>();
            while (batch.Count < Math.Min(limit, left) && memory.TryDequeue(out var callback))
            {
                batch.Add(callback);
            }

            await Task.WhenAll(batch.Select(async callback =>
            {
                if (callback.DueAt > core.Clock.NowMilliseconds)
                {
                    memory.Enqueue(callback);
                    good = false;
                }
                else if (await PostAsync(url, callback.Payload, cancellationToken) is not null)
                {
                    memory.Enqueue(callback with { Attempts = callback.Attempts + 1, DueAt = DueAfter(callback.Attempts + 1) });
                    good = false;
                }
                else
                {
                    Interlocked.Decrement(ref inMemory);
                }
            }));
        }

        return good;
    }

    private long DueAfter(int attempts)
    {
        var settings = state.Settings;
        var delay = settings.CallbackBackoff * attempts;
        var capped = delay > settings.CallbackBackoffLimit ? settings.CallbackBackoffLimit : delay;
        return core.Clock.NowMilliseconds + (long)core.Clock.Scale(capped).TotalMilliseconds;
    }

    /// <summary>Null when the webhook took it, else why not.</summary>
    private async Task<string?> PostAsync(Uri url, string payload, CancellationToken cancellationToken)
    {
        http ??= WebhookClient.Create(state.WebhookCa);
        Interlocked.Increment(ref requests);
        using var content = new StringContent(payload, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var limit = new CancellationTokenSource(core.Clock.Scale(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)), core.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string error;
        try
        {
            using var answer = await http.PostAsync(url, content, either.Token);
            if (answer.IsSuccessStatusCode)
            {
                return null;
            }

            error = $"HTTP {(int)answer.StatusCode}";
        }
        catch (HttpRequestException problem)
        {
            error = problem.InnerException?.Message ?? problem.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            error = "no answer in time";
        }

        core.Log("WARN", $"Webhook {url.GetLeftPart(UriPartial.Authority)}: {error}");
        return error;
    }

    private sealed record MemoryCallback(string Payload, int Attempts, long DueAt);
}
