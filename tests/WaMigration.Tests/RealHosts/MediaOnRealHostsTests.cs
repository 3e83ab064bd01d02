using WaLab;
using WaMigration.Tests.Media;

namespace WaMigration.Tests.RealHosts;

/// <summary>Media and databases between real Docker hosts.</summary>
[Collection(RealHostsGroup.Name)]
public sealed class MediaOnRealHostsTests(RealGroundFixture ground)
{
    [Fact]
    public async Task Media_are_there_by_their_ids_on_the_new_client() =>
        await CarriedClient.RunAsync(await ground.OptionsAsync(LabHosts.RealOne), showsGhosts: false);
}
