using System.Text.Json.Nodes;

namespace WaLab.Setups;

/// <summary>The lab's own judgement of a client's health, by the counts that the vendor's documentation gives.</summary>
internal static class HealthWatch
{
    public static Task WaitAsync(LabSetup setup, TimeSpan timeout, CancellationToken cancellationToken) => WaitAsync(
        $"the {setup.Name} client to be healthy",
        setup.Api,
        health => IsHealthy(health, setup.Topology),
        timeout,
        setup.Side.LastLinesAsync,
        cancellationToken);

    /// <summary>Waits until that is true of the health that the API tells.</summary>
    /// <param name="what">What is waited for, in the words of the error.</param>
    /// <param name="api">The client's API.</param>
    /// <param name="isReached">Whether it is so.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="lastLines">What the client printed last, for the error.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task WaitAsync(
        string what, ClientApi api, Func<JsonObject, bool> isReached, TimeSpan timeout, Func<CancellationToken, Task<string>> lastLines, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var last = "nothing";
        try
        {
            while (true)
            {
                try
                {
                    var answer = await api.GetHealthAsync(limit.Token);
                    last = answer["health"]?.ToJsonString() ?? "nothing";
                    if (answer["health"] is JsonObject health && isReached(health))
                    {
                        return;
                    }
                }
                catch (Exception problem) when (problem is HttpRequestException or LabApiException)
                {
                    last = problem.Message;
                }

                await Task.Delay(100, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {timeout.TotalSeconds:0} s: {what}; it said: {last}{Environment.NewLine}{await lastLines(cancellationToken)}");
        }
    }

    private static bool IsHealthy(JsonObject nodes, LabTopology topology)
    {
        if (nodes["gateway_status"] is not null)
        {
            return Status(nodes) == "connected";
        }

        var connected = nodes.Where(node => Status(node.Value) == "connected").Select(node => node.Value?["role"]?.GetValue<string>()).ToList();
        var coreapps = connected.Count(role => role == "coreapp");
        return topology.Shards == 1
            ? coreapps == 1 && connected.Count == 1
            : coreapps == topology.Shards && connected.Count(role => role == "primary_master") == 1 && connected.Count == topology.Shards + 1;
    }

    private static string? Status(JsonNode? node) => (node as JsonObject)?["gateway_status"]?.GetValue<string>();
}
