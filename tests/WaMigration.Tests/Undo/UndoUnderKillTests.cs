using WaLab;
using WaLab.Proxies;

namespace WaMigration.Tests.Undo;

/// <summary>An undo that is itself cut off, and run again.</summary>
public sealed class UndoUnderKillTests
{
    /// <param name="link">Where the request passes.</param>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="occurrence">Which of them.</param>
    /// <param name="when">Before it arrives, or after its effect and before its answer.</param>
    /// <param name="restores">The restores that the service must have seen at the end.</param>
    [Theory]
    [InlineData(LabLink.NewDocker, "POST", "^/containers/[^/]+/stop$", 2, HoldPoint.AfterEffect, 2)]
    [InlineData(LabLink.OldDocker, "POST", "^/containers/create$", 2, HoldPoint.AfterEffect, 2)]
    [InlineData(LabLink.OldApi, "POST", "^/v1/settings/restore$", 1, HoldPoint.BeforeRequest, 2)]
    [InlineData(LabLink.OldApi, "POST", "^/v1/settings/restore$", 1, HoldPoint.AfterEffect, 3)]
    [InlineData(LabLink.OldDocker, "POST", "^/containers/[^/]+/restart$", 1, HoldPoint.BeforeRequest, 2)]
    public async Task The_second_run_ends_it(LabLink link, string method, string path, int occurrence, HoldPoint when, int restores)
    {
        await using var session = await UndoSession.StartAsync();
        await session.MigrateUntilAsync(7, HoldPoint.BeforeRequest);
        await session.UndoUntilAsync(link, method, path, when, occurrence);

        session.Undo().MustSucceed();

        await session.CheckAsync(restores);
    }
}
