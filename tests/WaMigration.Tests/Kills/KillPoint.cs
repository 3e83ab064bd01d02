using WaLab;

namespace WaMigration.Tests.Kills;

/// <summary>The request of a step at which the run is killed: the one that changes something.</summary>
/// <param name="Step">Number in the guide's list.</param>
/// <param name="Link">Where the request passes.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, as a regular expression.</param>
/// <param name="Occurrence">Which of them.</param>
/// <param name="IsOfStepAlone">Earlier steps make such requests, too: only those count that come after the step has begun.</param>
internal sealed record KillPoint(int Step, LabLink Link, string Method, string Path, int Occurrence = 1, bool IsOfStepAlone = false)
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
        new(10, LabLink.NewApi, "GET", "^/v1/health$", IsOfStepAlone: true),
    ];

    /// <summary>Those of Option 2. Step 3 is passed over; what step 4 asks of databases passes no link, so its media are its point.</summary>
    private static IReadOnlyList<KillPoint> OfMessages { get; } =
    [
        new(0, LabLink.NewDocker, "POST", "^/containers/create$", 3),
        new(1, LabLink.OldApi, "DELETE", "^/v1/settings/account/two-step$"),
        new(2, LabLink.OldDocker, "DELETE", "^/containers/[^/]+$", 3, IsOfStepAlone: true),
        new(4, LabLink.OldDocker, "POST", "^/containers/create$", IsOfStepAlone: true),
        new(5, LabLink.NewDocker, "POST", "^/containers/[^/]+/start$", 2, IsOfStepAlone: true),
        new(6, LabLink.NewApi, "POST", "^/v1/users/login$"),
        .. All.Where(point => point.Step is 7 or 8 or 9 or 10),
    ];

    /// <summary>Those of Option 3. Step 4 is passed over.</summary>
    private static IReadOnlyList<KillPoint> OfEverything { get; } =
    [
        new(0, LabLink.NewDocker, "POST", "^/containers/create$", 3),
        new(1, LabLink.OldApi, "DELETE", "^/v1/settings/account/two-step$"),
        new(2, LabLink.OldApi, "POST", "^/v1/users/login$", IsOfStepAlone: true),
        new(3, LabLink.OldDocker, "DELETE", "^/containers/[^/]+$", 3, IsOfStepAlone: true),
        new(5, LabLink.OldDocker, "POST", "^/containers/create$", IsOfStepAlone: true),
        new(6, LabLink.NewDocker, "POST", "^/containers/[^/]+/start$", 2, IsOfStepAlone: true),
        .. All.Where(point => point.Step is 7 or 8 or 9 or 10),
    ];

    /// <summary>The points of an option.</summary>
    internal static IReadOnlyList<KillPoint> Of(int option) => option switch { 1 => All, 2 => OfMessages, _ => OfEverything };

    /// <summary>Whether a request counts now; null where every one does.</summary>
    internal Func<bool>? OnlyWhile(string folder) => IsOfStepAlone ? () => StepJournal.HasBegun(folder, Step) : null;
}
