using System.Text.Json.Nodes;
using WaMigration.Setups;

namespace WaMigration.Engine.Tests.Setups;

/// <summary>One line a case: nodes as role=status, shards, the answer, and a part of the reason.</summary>
public sealed class HealthJudgeTests
{
    private const string P = "primary_master";
    private const string S = "secondary_master";
    private const string C = "coreapp";

    [Theory]
    [InlineData("connected", "Healthy", true, "")]
    [InlineData("connecting", "Starting", true, "connecting")]
    [InlineData("uninitialized", "Starting", true, "uninitialized")]
    [InlineData("unregistered", "Unhealthy", false, "unregistered")]
    [InlineData("disconnected", "Unhealthy", true, "disconnected")]
    [InlineData("sleeping", "Unhealthy", true, "sleeping")]
    public void A_single_instance_must_be_connected(string status, string expected, bool isRegistered, string reason)
    {
        var health = Judge($$"""{"gateway_status":"{{status}}"}""", shards: null);

        Check(health, expected, isRegistered, reason);
    }

    [Theory]
    //// High availability: exactly one Coreapp, and nothing else.
    [InlineData($"{P}=disconnected {S}=disconnected {C}=connected {C}=disconnected", 1, "Healthy", "")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=disconnected", 1, "Unhealthy", "primary Master")]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=connected {C}=connected", 1, "Unhealthy", "2 Coreapps are connected where 1")]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=disconnected {C}=disconnected", 1, "Unhealthy", "0 Coreapps are connected where 1")]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=connecting {C}=disconnected", 1, "Starting", "connecting")]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=uninitialized {C}=uninitialized", 1, "Starting", "uninitialized")]
    //// Multiconnect: as many Coreapps as shards, and the primary Master.
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connected {C}=disconnected", 2, "Healthy", "")]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=connected {C}=connected {C}=disconnected", 2, "Unhealthy", "primary Master and not connected")]
    [InlineData($"{P}=connected {S}=connected {C}=connected {C}=connected {C}=disconnected", 2, "Unhealthy", "secondary Master")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=disconnected {C}=disconnected", 2, "Unhealthy", "1 Coreapps are connected where 2")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connecting {C}=disconnected", 2, "Starting", "connecting")]
    [InlineData($"{P}=connecting {S}=disconnected {C}=connected {C}=connected {C}=disconnected", 2, "Starting", "connecting")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connected {C}=connected", 2, "Unhealthy", "3 Coreapps are connected where 2")]
    [InlineData($"{P}=connected {P}=connected {C}=connected {C}=connected", 2, "Unhealthy", "More than one Master")]
    [InlineData($"{S}=disconnected {S}=disconnected {C}=connected {C}=connected", 2, "Unhealthy", "No Master is primary")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=odd", 2, "Unhealthy", "unknown status 'odd'")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connected helper=connected", 2, "Unhealthy", "unknown role 'helper'")]
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connected -=connected", 2, "Unhealthy", "does not say its role")]
    //// What cannot be told is not good.
    [InlineData($"{P}=connected {S}=disconnected {C}=connected {C}=connected", null, "Unhealthy", "number of shards")]
    public void A_cluster_is_judged_by_its_shards(string nodes, int? shards, string expected, string reason) =>
        Check(Judge(Cluster(nodes), shards), expected, true, reason);

    [Theory]
    [InlineData($"{P}=unregistered {S}=unregistered {C}=unregistered {C}=unregistered", false)]
    [InlineData($"{P}=unregistered {S}=disconnected {C}=unregistered {C}=uninitialized", false)]
    [InlineData($"{P}=unregistered {S}=unregistered {C}=connected {C}=unregistered", true)]
    [InlineData($"{P}=disconnected {S}=disconnected {C}=disconnected {C}=disconnected", true)]
    public void Only_nodes_that_say_so_and_none_that_says_otherwise_make_it_unregistered(string nodes, bool isRegistered)
    {
        var health = Judge(Cluster(nodes), 1);

        Assert.Equal(WaHealthStatus.Unhealthy, health.Status);
        Assert.Equal(isRegistered, health.IsRegistered);
    }

    [Fact]
    public void A_node_that_cannot_be_asked_is_named_with_its_error()
    {
        var health = Judge(
            """
            {"m1:aaaa": {"gateway_status":"connected","role":"primary_master"},
             "c1:bbbb": {"gateway_status":"connected","role":"coreapp"},
             "c2:cccc": {"gateway_status":"connected","role":"coreapp"},
             "c3:dddd": {"errors":[{"code":1014,"title":"Internal error","details":"Connection refused: c3:6252"}]}}
            """,
            2);

        Check(health, "Unhealthy", true, "c3:dddd cannot be asked");
        Assert.Contains("Connection refused", health.Reasons[0], StringComparison.Ordinal);
        Assert.Equal("error", health.Nodes[3].Status);
    }

    [Fact]
    public void A_node_whose_container_is_gone_is_named_as_a_ghost()
    {
        const string Answer =
            """
            {"m1:aaaa": {"gateway_status":"connected","role":"primary_master"},
             "c1:bbbb": {"gateway_status":"connected","role":"coreapp"},
             "c1:9999": {"errors":[{"code":1014,"title":"Internal error"}]},
             "c2:cccc": {"gateway_status":"connected","role":"coreapp"}}
            """;

        Check(Judge(Answer, 2), "Unhealthy", true, "c1:9999 is named by the client's database");
        Check(Judge(Answer, 2, ["aaaa1", "bbbb1", "99991", "cccc1"]), "Unhealthy", true, "c1:9999 cannot be asked");
        Check(Judge(Answer, 2, ["aaaa1", "bbbb1", "cccc1"]), "Unhealthy", true, "c1:9999 is named by the client's database");
    }

    [Fact]
    public void An_empty_map_is_not_well() => Check(Judge("{}", 1), "Unhealthy", true, "no node");

    [Fact]
    public void A_map_of_one_node_without_a_role_is_a_single_instance() =>
        Check(Judge("""{"wacore:aaaa":{"gateway_status":"connected"}}""", null), "Healthy", true, string.Empty);

    [Fact]
    public void A_node_that_is_no_object_counts_against_it() =>
        Check(Judge("""{"m1:a":{"gateway_status":"connected","role":"primary_master"},"c1:b":"gone"}""", 2), "Unhealthy", true, "'gone'");

    [Theory]
    [InlineData("""{"debug_info":"16315551019","version":"2.45.1","db_engine":"PGSQL"}""", "16315551019", false, "2.45.1", null)]
    [InlineData("""{"debug_info":"unregistered","version":"v2.45.1"}""", null, true, "2.45.1", null)]
    [InlineData("""{"m1:a":{"debug_info":"+1 631 555 1019","version":"2.45.1","shards":[[-1,-1]]},"c1:b":{"debug_info":"16315551019","shards":[[0,0]]},"c2:c":{"shards":[[1,1]]}}""", "16315551019", false, "2.45.1", 2)]
    [InlineData("""{"m1:a":{"debug_info":"unregistered"},"c1:b":{"debug_info":"unregistered"}}""", null, true, null, null)]
    [InlineData("""{"m1:a":{"debug_info":"unregistered"},"c1:b":{"debug_info":"16315551019"}}""", "16315551019", false, null, null)]
    [InlineData("""{"m1:a":{"debug_info":""},"c1:b":{"errors":[]}}""", null, false, null, null)]
    public void Support_is_read_from_one_instance_and_from_many(string json, string? number, bool isUnregistered, string? version, int? shards)
    {
        var facts = SupportFacts.From((JsonObject)JsonNode.Parse(json)!);

        Assert.Equal(number, facts.PhoneNumber);
        Assert.Equal(isUnregistered, facts.SaysUnregistered);
        Assert.Equal(version, facts.Version);
        Assert.Equal(shards, facts.Shards);
    }

    private static WaHealth Judge(string json, int? shards, IReadOnlyCollection<string>? containers = null) =>
        HealthJudge.Judge("old", HealthAnswer.From((JsonObject)JsonNode.Parse(json)!), shards, containers, DateTimeOffset.UnixEpoch);

    private static string Cluster(string nodes)
    {
        var json = new JsonObject();
        foreach (var (node, index) in nodes.Split(' ').Select((node, index) => (node, index)))
        {
            var parts = node.Split('=');
            var value = new JsonObject { ["gateway_status"] = parts[1] };
            if (parts[0] != "-")
            {
                value["role"] = parts[0];
            }

            json[$"host{index}:{index:x12}"] = value;
        }

        return json.ToJsonString();
    }

    private static void Check(WaHealth health, string expected, bool isRegistered, string reason)
    {
        Assert.Equal(expected, health.Status.ToString());
        Assert.Equal(isRegistered, health.IsRegistered);
        if (reason.Length == 0)
        {
            Assert.Empty(health.Reasons);
        }
        else
        {
            Assert.Contains(health.Reasons, text => text.Contains(reason, StringComparison.Ordinal));
        }
    }
}
