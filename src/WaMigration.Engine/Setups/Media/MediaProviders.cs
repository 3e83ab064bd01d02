using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Setups.Media;

/// <summary>The servers that a client fetches media from by name.</summary>
internal static class MediaProviders
{
    private const string DefaultType = "www";

    internal static async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> GetAsync(WaSetup setup, Operation operation) =>
        (await setup.Api(operation).GetMediaProvidersAsync(operation.Cancellation).ConfigureAwait(false))
            .OfType<JsonObject>()
            .Select(PlainData.From)
            .ToList();

    internal static Task SetAsync(WaSetup setup, string name, string type, IReadOnlyDictionary<string, object?> configuration, Operation operation) =>
        setup.Api(operation).SetMediaProviderAsync(
            new JsonObject { ["name"] = name, ["type"] = type, ["config"] = PlainData.ToJson(configuration) },
            operation.Cancellation);

    /// <summary>Each provider of a JSON file, which holds their secrets, too.</summary>
    /// <exception cref="WaException">MediaProvidersNotUsable, before anything is set.</exception>
    internal static async Task SetFromFileAsync(WaSetup setup, string path, Operation operation)
    {
        foreach (var provider in Load(path))
        {
            await setup.Api(operation).SetMediaProviderAsync(
                new JsonObject
                {
                    ["name"] = provider["name"]!.DeepClone(),
                    ["type"] = provider["type"]?.DeepClone() ?? DefaultType,
                    ["config"] = provider["config"]!.DeepClone(),
                },
                operation.Cancellation).ConfigureAwait(false);
        }
    }

    private static List<JsonObject> Load(string path)
    {
        try
        {
            var providers = (JsonNode.Parse(PrivateFiles.ReadShared(path)) as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
            return providers.Count > 0 && providers.All(provider => provider["name"] is JsonValue && provider["config"] is JsonObject)
                ? providers
                : throw SettingsErrors.MediaProvidersNotUsable.Error(path, SettingsErrors.Phrase("NoProvider"));
        }
        catch (Exception failure) when (failure is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw SettingsErrors.MediaProvidersNotUsable.Error(path, failure, [], failure.Message);
        }
    }

    internal static Task RemoveAsync(WaSetup setup, string name, Operation operation) =>
        setup.Api(operation).RemoveMediaProviderAsync(name, operation.Cancellation);
}
