using System.Text.Json.Nodes;

namespace WaLab.Setups;

/// <summary>The lab's own judgement of a client's health, by the counts that the vendor's documentation gives.</summary>
internal static class HealthWatch
{
    public static async Task WaitAsync(LabSetup setup, TimeSpan timeout, CancellationToken cancellationToken)
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
                    var health = await setup.Api.GetHealthAsync(limit.Token);
                    last = health["health"]?.ToJsonString() ?? "nothing";
                    if (IsHealthy(health["health"], setup.Topology))
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
            throw new TimeoutException($"The {setup.Name} client was not healthy within {timeout.TotalSeconds:0} s; it said: {last}{Environment.NewLine}{await setup.Side.LastLinesAsync(cancellationToken)}");
        }
    }

    internal static bool IsHealthy(JsonNode? health, LabTopology topology)
    {
        if (health is not JsonObject nodes)
        {
            return false;
        }

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
