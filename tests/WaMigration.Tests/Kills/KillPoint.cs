using WaLab;

namespace WaMigration.Tests.Kills;

/// <summary>The request of a step at which the run is killed: the one that changes something.</summary>
/// <param name="Step">Number in the guide's list.</param>
/// <param name="Link">Where the request passes.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, as a regular expression.</param>
/// <param name="Occurrence">Which of them.</param>
internal sealed record KillPoint(int Step, LabLink Link, string Method, string Path, int Occurrence = 1)
{
    internal static IReadOnlyList<KillPoint> All { get; } =
    [
        new(1, LabLink.NewDocker, "POST", "^/containers/create$", 3),
        new(2, LabLink.NewApi, "POST", "^/v1/users/login$"),
        new(3, LabLink.OldApi, "DELETE", "^/v1/settings/account/two-step$"),
        new(4, LabLink.OldApi, "POST", "^/v1/settings/backup$"),
        new(5, LabLink.OldDocker, "DELETE", "^/containers/[^/]+$", 3),
        new(6, LabLink.NewApi, "POST", "^/v1/settings/restore$"),
        new(7, LabLink.NewApi, "POST", "^/v1/messages$"),
        new(8, LabLink.NewApi, "POST", "^/v1/settings/account/two-step$"),
        new(9, LabLink.NewApi, "PATCH", "^/v1/settings/application$"),
        new(10, LabLink.NewApi, "GET", "^/v1/health$"),
    ];
}
