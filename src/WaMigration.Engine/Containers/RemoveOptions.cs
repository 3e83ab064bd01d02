using System.Security;

namespace WaMigration.Containers;

/// <summary>What Remove-WaClient was told.</summary>
internal sealed record RemoveOptions
{
    /// <summary>Where the definitions of the containers are saved; null for nowhere.</summary>
    internal string? DefinitionPath { get; init; }

    internal SecureString? DefinitionPassword { get; init; }

    /// <summary>How long what waits may take to be delivered: once with the API up, once more after it went.</summary>
    internal TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Goes on though something was not delivered, or nobody can tell whether.</summary>
    internal bool AllowUndelivered { get; init; }
}
