using System.Text.Json.Nodes;

namespace WaMigration.Setups.Media;

/// <summary>The servers that a client fetches media from by name.</summary>
internal static class MediaProviders
{
    internal static async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> GetAsync(WaSetup setup, Operation operation) =>
        (await setup.Api(operation).GetMediaProvidersAsync(operation.Cancellation).ConfigureAwait(false))
            .OfType<JsonObject>()
            .Select(PlainData.From)
            .ToList();

    internal static Task SetAsync(WaSetup setup, string name, string type, IReadOnlyDictionary<string, object?> configuration, Operation operation) =>
        setup.Api(operation).SetMediaProviderAsync(
            new JsonObject { ["name"] = name, ["type"] = type, ["config"] = PlainData.ToJson(configuration) },
            operation.Cancellation);

    internal static Task RemoveAsync(WaSetup setup, string name, Operation operation) =>
        setup.Api(operation).RemoveMediaProviderAsync(name, operation.Cancellation);
}
