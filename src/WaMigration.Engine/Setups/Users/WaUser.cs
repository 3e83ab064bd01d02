namespace WaMigration;

/// <summary>A user of a client's API.</summary>
/// <param name="Setup">The setup's name.</param>
/// <param name="Name">User name.</param>
/// <param name="Role">ROLE_ADMIN or ROLE_USER; empty where the client does not say.</param>
public sealed record WaUser(string Setup, string Name, string Role);
