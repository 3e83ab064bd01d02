using System.Text.Json.Nodes;

namespace WaMigration.Containers;

/// <summary>Asks a running client whether it is registered.</summary>
internal static class RegistrationReader
{
    /// <summary>Null where it does not answer or does not tell.</summary>
    internal static async Task<bool?> ReadAsync(WaSetup setup, Operation operation)
    {
        var api = setup.Api(operation).WithoutRepeats;
        if (!await api.IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            return Judge(await api.GetHealthAsync(operation.Cancellation).ConfigureAwait(false));
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }

    /// <summary>Unregistered only where nodes say so and none says the contrary.</summary>
    private static bool? Judge(JsonObject health)
    {
        var states = (health.ContainsKey("gateway_status") ? [health] : health.Select(node => node.Value).OfType<JsonObject>())
            .Select(node => node["gateway_status"]?.ToString())
            .Where(state => state is not null)
            .ToList();
        return states.Exists(state => state is "connected" or "connecting") ? true
            : states.Contains("unregistered") ? false
            : null;
    }
}
