namespace WaSimulator.Nodes;

/// <summary>The number's registration as the client keeps it; the secret proves it to the service.</summary>
internal sealed record Registration(
    string Number,
    string CountryCode,
    string Name,
    int RegistrationId,
    string Secret,
    int Shards,
    long RegisteredAt);
