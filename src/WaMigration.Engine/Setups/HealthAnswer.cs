using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Setups;

/// <summary>The answer of <c>/v1/health</c> in any of its shapes: single instance, map of nodes, nodes with errors.</summary>
internal sealed record HealthAnswer(bool IsSingle, IReadOnlyList<WaHealthNode> Nodes)
{
    internal const string Connected = "connected";
    internal const string Connecting = "connecting";
    internal const string Uninitialized = "uninitialized";
    internal const string Unregistered = "unregistered";
    internal const string Disconnected = "disconnected";
    internal const string Failed = "error";
    internal const string PrimaryMaster = "primary_master";
    internal const string SecondaryMaster = "secondary_master";
    internal const string Coreapp = "coreapp";
    private const string StatusField = "gateway_status";

    internal static HealthAnswer From(JsonObject health)
    {
        if (health[StatusField] is JsonValue || ApiErrorEnvelope.IsIn(health))
        {
            return new HealthAnswer(true, [Node(string.Empty, health)]);
        }

        var nodes = health.Select(node => Node(node.Key, node.Value)).ToList();

        // A map with one node that has no role is a single instance under its name.
        return new HealthAnswer(nodes is [{ Role: "", Status: not Failed }], nodes);
    }

    private static WaHealthNode Node(string name, JsonNode? value)
    {
        if (value is not JsonObject node)
        {
            return new WaHealthNode(name, string.Empty, value.Text() ?? string.Empty, string.Empty);
        }

        var role = node.Text("role") ?? string.Empty;
        return node.Text(StatusField) is { } status && !ApiErrorEnvelope.IsIn(node)
            ? new WaHealthNode(name, role, status, string.Empty)
            : new WaHealthNode(name, role, Failed, ApiErrorEnvelope.From(0, node.ToJsonString()).Describe(0));
    }
}
