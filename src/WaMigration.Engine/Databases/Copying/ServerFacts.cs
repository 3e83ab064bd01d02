namespace WaMigration.Databases.Copying;

/// <summary>What a server says of itself.</summary>
/// <param name="Address">Host and port, as they were given.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Version">As the server writes it.</param>
/// <param name="Major">The major version.</param>
/// <param name="Identity">What tells it from all others, however it is reached.</param>
internal sealed record ServerFacts(string Address, WaDatabaseEngine Engine, string Version, int Major, string Identity);
