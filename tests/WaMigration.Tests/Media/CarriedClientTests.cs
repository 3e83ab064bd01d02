using WaLab;

namespace WaMigration.Tests.Media;

public sealed class CarriedClientTests
{
    [Fact]
    public Task Media_are_there_by_their_ids_and_nodes_of_the_old_client_are_seen_only_where_their_rows_stayed() =>
        CarriedClient.RunAsync(new LabOptions { Topology = new LabTopology(1, 2, 1) }, showsGhosts: true);
}
