using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Settings;

/// <summary>Reads and changes the application settings, a bag of fields that differs by client version.</summary>
internal static class ApplicationSettings
{
    private const string NumberOfClient = "wa_id";

    /// <summary>Read as numbers and taken as text.</summary>
    private static readonly string[] TextInChanges = ["callback_backoff_delay_ms", "max_callback_backoff_delay_ms"];

    private static readonly string[] NeedRestart =
        ["callback_persist", "pass_through", "db_garbagecollector_enable", "webhooks.max_concurrent_requests"];

    internal static async Task<IReadOnlyDictionary<string, object?>> GetAsync(WaSetup setup, Operation operation) =>
        PlainData.From(await setup.Api(operation).GetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false));

    /// <summary>Changes only the fields that are given.</summary>
    /// <returns>The changed fields that take effect with a restart of the Coreapps.</returns>
    internal static Task<IReadOnlyList<string>> ChangeAsync(WaSetup setup, IReadOnlyDictionary<string, object?> changes, Operation operation) =>
        ChangeAsync(setup, Unwrap(PlainData.ToObject(changes)), setup.Name, operation);

    /// <summary>The same with the fields from a JSON file.</summary>
    internal static Task<IReadOnlyList<string>> ChangeFromFileAsync(WaSetup setup, string path, Operation operation) =>
        ChangeAsync(setup, Unwrap(Load(path)), path, operation);

    internal static async Task ResetAsync(WaSetup setup, Operation operation)
    {
        await setup.Api(operation).ResetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(JournalKinds.SettingsChanged, setup.Name, ("fields", "*"));
        }
    }

    /// <summary>Names of those fields whose values differ and that need a restart.</summary>
    internal static IReadOnlyList<string> RestartFields(JsonObject before, JsonObject changes) =>
        NeedRestart.Where(name => At(changes, name) is { } wanted && wanted.Text() != At(before, name).Text()).ToList();

    internal static async Task<IReadOnlyList<string>> ChangeAsync(WaSetup setup, JsonObject changes, string origin, Operation operation)
    {
        if (changes.Count == 0)
        {
            throw SettingsErrors.SettingsNotUsable.Error(origin, SettingsErrors.Phrase("NoField"));
        }

        var api = setup.Api(operation);
        JsonObject before;
        try
        {
            before = await api.GetApplicationSettingsAsync(operation.Cancellation).ConfigureAwait(false);
        }
        catch (NotInstalledYetException)
        {
            before = [];
        }

        await api.ChangeApplicationSettingsAsync(ForChange(changes), operation.Cancellation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(JournalKinds.SettingsChanged, setup.Name, ("fields", string.Join(",", changes.Select(field => field.Key))));
        }

        return RestartFields(before, changes);
    }

    private static JsonNode? At(JsonObject settings, string name)
    {
        var parts = name.Split('.');
        return parts.Length == 1 ? settings[name] : settings.Object(parts[0])?[parts[1]];
    }

    private static JsonObject ForChange(JsonObject changes)
    {
        var result = (JsonObject)changes.DeepClone();
        foreach (var name in TextInChanges.Where(name => result.Text(name) is not null))
        {
            result[name] = result.Text(name);
        }

        return result;
    }

    /// <summary>Takes the fields alone, or a whole answer as it was saved; leaves out what is read-only.</summary>
    private static JsonObject Unwrap(JsonObject json)
    {
        var fields = (JsonObject)(json.Object("settings")?.Object("application") ?? json.Object("application") ?? json).DeepClone();
        fields.Remove(NumberOfClient);
        return fields;
    }

    private static JsonObject Load(string path)
    {
        try
        {
            return JsonNode.Parse(PrivateFiles.ReadShared(path)) as JsonObject
                ?? throw SettingsErrors.SettingsNotUsable.Error(path, SettingsErrors.Phrase("NoObject"));
        }
        catch (JsonException failure)
        {
            throw SettingsErrors.SettingsNotUsable.Error(path, failure, [], failure.Message);
        }
    }
}
