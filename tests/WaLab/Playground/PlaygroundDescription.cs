using System.Text.Json;
using System.Text.Json.Nodes;
using WaLab.Setups;

namespace WaLab.Playground;

/// <summary>Everything that is needed to use a playground, as one JSON object. Its keys are an interface: they do not change.</summary>
internal static class PlaygroundDescription
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static async Task<JsonObject> CreateAsync(Lab lab, string docker, Uri control, string caPath, CancellationToken cancellationToken) => new()
    {
        ["pid"] = Environment.ProcessId,
        ["docker"] = docker,
        ["scale"] = lab.Options.Scale,
        ["phoneNumber"] = lab.Number,
        ["testContact"] = Lab.TestContact,
        ["twoStepPin"] = Lab.Pin,
        ["old"] = await SetupAsync(lab.Old, lab.Options.OldInstalled, cancellationToken),
        ["new"] = await SetupAsync(lab.New, lab.Options.NewInstalled, cancellationToken),
        ["webhook"] = new JsonObject { ["uri"] = lab.Webhook.Address.ToString(), ["caPath"] = caPath },
        ["service"] = new JsonObject { ["controlUri"] = new Uri(lab.Service.Address, "control/").ToString() },
        ["controlUri"] = control.ToString(),
        ["folder"] = lab.Folder,
    };

    private static async Task<JsonObject> SetupAsync(LabSetup setup, bool installed, CancellationToken cancellationToken) => new()
    {
        ["name"] = setup.Name,
        ["installed"] = installed,
        ["topology"] = JsonSerializer.SerializeToNode(setup.Topology, Options),
        ["clientVersion"] = setup.ClientVersion,
        ["apiUri"] = setup.ApiUri.ToString(),
        ["user"] = LabSetup.User,
        ["password"] = setup.Password,
        ["newPassword"] = setup.Password == setup.NewPassword ? null : setup.NewPassword,
        ["apiKey"] = setup.ApiKey,
        ["certificateThumbprint"] = installed ? await setup.GetCertificateThumbprintAsync(cancellationToken) : null,
        ["dockerHost"] = setup.DockerHost.ToString(),
        ["project"] = setup.Project,
        ["containers"] = new JsonArray([.. setup.ContainerNames.Select(name => (JsonNode?)JsonValue.Create(name))]),
        ["databaseEngine"] = LabSetup.DatabaseEngine,
        ["databaseServer"] = setup.DatabaseServer,
        ["databasePort"] = setup.DatabasePort,
        ["databaseUser"] = setup.DatabaseUser,
        ["databasePassword"] = setup.DatabasePassword,
        ["namePrefix"] = setup.NamePrefix,
    };
}
