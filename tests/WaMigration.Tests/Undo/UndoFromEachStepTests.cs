using WaLab.Proxies;

namespace WaMigration.Tests.Undo;

/// <summary>A migration of Option 1 that is cut off in each of its steps, and undone.</summary>
public sealed class UndoFromEachStepTests
{
    /// <param name="step">The step that is cut off.</param>
    /// <param name="when">Before its request arrives, or after its effect and before its answer.</param>
    /// <param name="restores">The restores that the service must have seen at the end.</param>
    [Theory]
    [InlineData(1, HoldPoint.AfterEffect, 0)]
    [InlineData(2, HoldPoint.BeforeRequest, 0)]
    [InlineData(3, HoldPoint.AfterEffect, 0)]
    [InlineData(4, HoldPoint.AfterEffect, 0)]
    [InlineData(5, HoldPoint.AfterEffect, 0)]
    [InlineData(6, HoldPoint.BeforeRequest, 1)]
    [InlineData(6, HoldPoint.AfterEffect, 2)]
    [InlineData(7, HoldPoint.AfterEffect, 2)]
    [InlineData(8, HoldPoint.BeforeRequest, 2)]
    [InlineData(9, HoldPoint.AfterEffect, 2)]
    [InlineData(10, HoldPoint.BeforeRequest, 2)]
    public async Task The_old_client_serves_as_before(int step, HoldPoint when, int restores)
    {
        await using var session = await UndoSession.StartAsync();
        await session.MigrateUntilAsync(step, when);

        session.Undo().MustSucceed();

        await session.CheckAsync(restores, newDatabases: step > 1);
    }
}
