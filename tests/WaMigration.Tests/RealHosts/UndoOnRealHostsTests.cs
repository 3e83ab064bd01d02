using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Undo;

namespace WaMigration.Tests.RealHosts;

/// <summary>The way back between real Docker hosts, from where it is longest: the restore had its effect, and nobody heard of it.</summary>
[Collection(RealHostsGroup.Name)]
public sealed class UndoOnRealHostsTests(RealGroundFixture ground)
{
    [Fact]
    public async Task After_a_restore_whose_answer_was_lost_the_old_client_serves_as_before()
    {
        await using var session = await UndoSession.StartAsync(await ground.OptionsAsync(LabHosts.RealOne));
        await session.MigrateUntilAsync(6, HoldPoint.AfterEffect);

        session.Undo().MustSucceed();

        await session.CheckAsync(restores: 2);
    }
}
