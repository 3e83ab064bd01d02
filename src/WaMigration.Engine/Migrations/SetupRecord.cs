using WaMigration.Setups;

namespace WaMigration.Migrations;

/// <summary>What a record keeps of a setup: how to reach it, and no secret.</summary>
internal sealed record SetupRecord
{
    public required string Name { get; init; }

    public required Uri ApiUri { get; init; }

    public IReadOnlyList<Uri> DockerHosts { get; init; } = [];

    public string? UserName { get; init; }

    public IReadOnlyList<string> CertificateThumbprints { get; init; } = [];

    public string? DockerCertificatePath { get; init; }

    public bool SkipCertificateCheck { get; init; }

    public DatabaseRecord? Database { get; init; }

    internal static SetupRecord From(WaSetup setup) => new()
    {
        Name = setup.Name,
        ApiUri = setup.ApiUri,
        DockerHosts = [.. setup.DockerHosts],
        UserName = setup.UserName,
        CertificateThumbprints = [.. setup.Connections.PinnedThumbprints],
        DockerCertificatePath = (setup.Connections as SetupConnections)?.Options.DockerCertificatePath,
        SkipCertificateCheck = (setup.Connections as SetupConnections)?.Options.SkipCertificateCheck == true,
        Database = setup.Database is { } database ? DatabaseRecord.From(database) : null,
    };
}

/// <summary>What a record keeps of a database server.</summary>
internal sealed record DatabaseRecord
{
    public WaDatabaseEngine Engine { get; init; }

    public required string Server { get; init; }

    public int Port { get; init; }

    public string UserName { get; init; } = string.Empty;

    public string NamePrefix { get; init; } = string.Empty;

    public WaSslMode SslMode { get; init; }

    internal static DatabaseRecord From(WaDatabaseServer database) => new()
    {
        Engine = database.Engine,
        Server = database.Server,
        Port = database.Port,
        UserName = database.UserName,
        NamePrefix = database.NamePrefix,
        SslMode = database.SslMode,
    };
}
