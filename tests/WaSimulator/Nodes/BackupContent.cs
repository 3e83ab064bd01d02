using System.Text.Json.Nodes;

namespace WaSimulator.Nodes;

/// <summary>What a settings backup holds: no webhook CA, messages, callbacks, contacts, users or tokens.</summary>
internal sealed record BackupContent
{
    public required string Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int Shards { get; init; }

    public required Registration Registration { get; init; }

    public required string IdentityPublicKey { get; init; }

    public required byte[] IdentityPrivateKey { get; init; }

    public required JsonObject Settings { get; init; }

    public byte[]? Padding { get; init; }
}
