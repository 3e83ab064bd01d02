using System.Globalization;

namespace WaSimulator.Hosting;

/// <summary>The container's variables, read once: the vendor's, and the simulator's own (WA_SIM_*).</summary>
internal sealed class NodeEnvironment
{
    private readonly IReadOnlyDictionary<string, string> variables;

    public NodeEnvironment(NodeSpec spec)
    {
        variables = spec.Environment;
        Engine = Text("WA_DB_ENGINE") ?? "MYSQL";
        DatabaseHost = Text("WA_DB_HOSTNAME") ?? "db";
        DatabasePort = Number("WA_DB_PORT", Engine == "PGSQL" ? 5432 : 3306);
        DatabaseUser = Text("WA_DB_USERNAME") ?? "root";
        DatabasePassword = Text("WA_DB_PASSWORD") ?? "";
        DatabasePrefix = Text("WA_DB_NAME_PREFIX") ?? "";
        DatabaseCa = Text("WA_DB_SSL_CA");
        UpgradeOnly = Flag("WA_DB_UPGRADE");
        Multiconnect = Flag("WA_APP_MULTICONNECT");
        CoreHost = Text("WACORE_HOSTNAME") ?? "wacore";
        AdvertisedHost = Text("COREAPP_HOSTNAME") ?? spec.Hostname;
        AdvertisedControlPort = ExternalPort("COREAPP_EXTERNAL_PORTS", 2, Ports.Control);
        Sandbox = Flag("WA_MODE_SANDBOX");
        Secret = Text("WA_SECRET");
        ApiKey = Text("WA_API_KEY");
        JwtKey = Text("WA_WEB_JWT_CRYPTO_KEY");
        ServerName = Text("WA_WEB_SERVERNAME") ?? "localhost";
        Service = Text("WA_SIM_SERVICE") is { } address ? new Uri(address) : null;
        Scale = double.Parse(Text("WA_SIM_SCALE") ?? "1", CultureInfo.InvariantCulture);
        ShardsReadableUnregistered = !string.Equals(Text("WA_SIM_SHARDS_UNREGISTERED"), "0", StringComparison.Ordinal);
        Shards = Number("WA_SIM_SHARDS", 1);
        Seed = Number("WA_SIM_SEED", 0);
        WriteAnswer = Text("WA_SIM_WRITE_ANSWER") ?? "cycle";
        BadLogins = Number("WA_SIM_BAD_LOGINS", 5);
    }

    public string Engine { get; }

    public string DatabaseHost { get; }

    public int DatabasePort { get; }

    public string DatabaseUser { get; }

    public string DatabasePassword { get; }

    public string DatabasePrefix { get; }

    public string? DatabaseCa { get; }

    public bool UpgradeOnly { get; }

    public bool Multiconnect { get; }

    /// <summary>The Coreapp of a single-instance Webapp.</summary>
    public string CoreHost { get; }

    /// <summary>The name under which other nodes reach this one.</summary>
    public string AdvertisedHost { get; }

    public int AdvertisedControlPort { get; }

    public bool Sandbox { get; }

    public string? Secret { get; }

    public string? ApiKey { get; }

    public string? JwtKey { get; }

    public string ServerName { get; }

    public Uri? Service { get; }

    public double Scale { get; }

    public bool ShardsReadableUnregistered { get; }

    public int Shards { get; }

    public int Seed { get; }

    /// <summary>What a settings write answers with: null, object, empty, meta; cycle takes them in turn.</summary>
    public string WriteAnswer { get; }

    public int BadLogins { get; }

    private string? Text(string name) => variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private bool Flag(string name) => Text(name) == "1";

    private int Number(string name, int otherwise) =>
        Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private int ExternalPort(string name, int index, int otherwise)
    {
        var ports = (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return ports.Length > index ? int.Parse(ports[index], CultureInfo.InvariantCulture) : otherwise;
    }
}
