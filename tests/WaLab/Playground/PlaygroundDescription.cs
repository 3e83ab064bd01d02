using System.Text.Json;
using System.Text.Json.Nodes;
using WaLab.Setups;

namespace WaLab.Playground;

/// <summary>Everything that is needed to use a playground, as one JSON object. Its keys are an interface: they do not change.</summary>
internal static class PlaygroundDescription
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static async Task<JsonObject> CreateAsync(Lab lab, (string Docker, string Reason) hosts, Uri control, string caPath, CancellationToken cancellationToken) => new()
    {
        ["pid"] = Environment.ProcessId,
        ["docker"] = hosts.Docker,
        ["dockerReason"] = hosts.Reason,
        ["databaseServer"] = await lab.DescribeDatabaseServerAsync(cancellationToken),
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
        ["dockerHosts"] = Strings(setup.DockerHosts.Select(address => address.ToString())),
        ["directDockerHosts"] = Strings(setup.DirectDockerHosts.Select(address => address.ToString())),
        ["hostNames"] = Strings(setup.RealEngines.Select(engine => engine.Name)),
        ["project"] = setup.Project,
        ["containers"] = Strings(setup.ContainerNames),
        ["databaseEngine"] = setup.DatabaseEngine,
        ["databaseProduct"] = setup.DatabaseProduct.ToString(),
        ["databaseServer"] = setup.DatabaseServer,
        ["databasePort"] = setup.DatabasePort,
        ["databaseUser"] = setup.DatabaseUser,
        ["databasePassword"] = setup.DatabasePassword,
        ["namePrefix"] = setup.NamePrefix,
    };

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)JsonValue.Create(value))];
}
