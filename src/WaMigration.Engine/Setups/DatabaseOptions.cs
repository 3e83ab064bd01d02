using System.Security;

namespace WaMigration.Setups;

/// <summary>What the user said of a setup's database server. What is null is found out.</summary>
internal sealed record DatabaseOptions
{
    internal WaDatabaseEngine Engine { get; init; }

    internal string? Server { get; init; }

    internal int? Port { get; init; }

    internal string? UserName { get; init; }

    internal SecureString? Password { get; init; }

    internal WaSslMode? SslMode { get; init; }

    internal string? NamePrefix { get; init; }

    /// <summary>Enough is said to connect without looking at any container.</summary>
    internal bool IsComplete => Server is not null && UserName is not null && Password is not null;

    internal static int DefaultPort(WaDatabaseEngine engine) => engine == WaDatabaseEngine.PostgreSql ? 5432 : 3306;

    /// <summary>What was found in the containers' variables, overruled by what the user said.</summary>
    internal WaDatabaseServer Over(WaDatabaseServer found) => new(
        Engine == WaDatabaseEngine.Unknown ? found.Engine : Engine,
        Server ?? found.Server,
        Port ?? found.Port,
        UserName ?? found.UserName,
        Password ?? found.Password,
        NamePrefix ?? found.NamePrefix,
        SslMode ?? found.SslMode,
        found.ClientHost,
        found.ClientPort);

    internal WaDatabaseServer ToServer(WaDatabaseEngine found) => new(
        Engine == WaDatabaseEngine.Unknown ? found : Engine,
        Server!,
        Port ?? DefaultPort(Engine == WaDatabaseEngine.Unknown ? found : Engine),
        UserName!,
        Password!,
        NamePrefix ?? string.Empty,
        SslMode ?? WaSslMode.Prefer);
}
