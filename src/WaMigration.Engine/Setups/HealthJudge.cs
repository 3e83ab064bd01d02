namespace WaMigration.Setups;

/// <summary>
/// Judges an answer for its topology. A single instance must be connected. With one shard (high availability) exactly
/// one Coreapp is connected and nothing else, not even the primary Master. With X shards, X Coreapps and the primary
/// Master are. What cannot be told counts against it.
/// </summary>
internal sealed class HealthJudge
{
    private readonly HealthAnswer answer;
    private readonly int? shards;
    private readonly IReadOnlyCollection<string>? containerIds;

    /// <summary>What is wrong whatever happens next.</summary>
    private readonly List<string> faults = [];

    /// <summary>What is not good yet, and may become so while nodes still start.</summary>
    private readonly List<string> lacks = [];

    private HealthJudge(HealthAnswer answer, int? shards, IReadOnlyCollection<string>? containerIds)
    {
        this.answer = answer;
        this.shards = shards;
        this.containerIds = containerIds;
    }

    /// <param name="setup">Whose health.</param>
    /// <param name="answer">What the API said.</param>
    /// <param name="shards">Shards of the number; null where not known.</param>
    /// <param name="containerIds">The containers that exist, to tell a node that is gone from one that is down; null where not known.</param>
    /// <param name="time">When it was said.</param>
    internal static WaHealth Judge(string setup, HealthAnswer answer, int? shards, IReadOnlyCollection<string>? containerIds, DateTimeOffset time)
    {
        var judge = new HealthJudge(answer, shards, containerIds);
        judge.LookAtNodes();
        if (!answer.IsSingle)
        {
            judge.LookAtWhole();
        }

        var isStarting = answer.Nodes.Any(IsStarting);
        List<string> reasons = [.. judge.faults, .. judge.lacks];
        var status = reasons.Count == 0 ? WaHealthStatus.Healthy
            : judge.faults.Count == 0 && isStarting ? WaHealthStatus.Starting
            : WaHealthStatus.Unhealthy;
        return new WaHealth(setup, status, judge.IsRegistered, answer.Nodes, reasons, time);
    }

    private bool IsRegistered => answer.Nodes.All(node => node.Status != HealthAnswer.Unregistered)
        || answer.Nodes.Any(node => node.Status is HealthAnswer.Connected or HealthAnswer.Connecting);

    private static bool IsStarting(WaHealthNode node) => node.Status is HealthAnswer.Connecting or HealthAnswer.Uninitialized;

    private static string Name(WaHealthNode node) => node.Name.Length == 0 ? HealthText.Phrase("SingleInstance") : node.Name;

    private void LookAtNodes()
    {
        if (answer.Nodes.Count == 0)
        {
            faults.Add(HealthText.Phrase("NoNodes"));
        }

        foreach (var node in answer.Nodes)
        {
            switch (node.Status)
            {
                case HealthAnswer.Connected:
                    break;
                case HealthAnswer.Disconnected when !answer.IsSingle:
                    break;
                case HealthAnswer.Disconnected:
                    faults.Add(HealthText.Phrase("IsDisconnected", Name(node)));
                    break;
                case HealthAnswer.Connecting or HealthAnswer.Uninitialized:
                    lacks.Add(HealthText.Phrase("IsStarting", Name(node), node.Status));
                    break;
                case HealthAnswer.Unregistered:
                    faults.Add(HealthText.Phrase("IsUnregistered", Name(node)));
                    break;
                case HealthAnswer.Failed:
                    faults.Add(IsGhost(node) ? HealthText.Phrase("IsGhost", Name(node), node.Detail) : HealthText.Phrase("HasError", Name(node), node.Detail));
                    break;
                default:
                    faults.Add(HealthText.Phrase("UnknownStatus", Name(node), node.Status));
                    break;
            }
        }
    }

    private void LookAtWhole()
    {
        if (!IsRegistered || answer.Nodes.Count == 0)
        {
            return;
        }

        foreach (var node in answer.Nodes.Where(node => node.Status != HealthAnswer.Failed
            && node.Role is not (HealthAnswer.PrimaryMaster or HealthAnswer.SecondaryMaster or HealthAnswer.Coreapp)))
        {
            lacks.Add(node.Role.Length == 0
                ? HealthText.Phrase("RoleMissing", Name(node))
                : HealthText.Phrase("UnknownRole", Name(node), node.Role));
        }

        var primaries = answer.Nodes.Where(node => node.Role == HealthAnswer.PrimaryMaster).ToList();
        if (primaries.Count == 0)
        {
            lacks.Add(HealthText.Phrase("NoPrimaryMaster"));
        }
        else if (primaries.Count > 1)
        {
            faults.Add(HealthText.Phrase("TwoPrimaryMasters", string.Join(", ", primaries.Select(Name))));
        }

        foreach (var node in answer.Nodes.Where(node => node.Role == HealthAnswer.SecondaryMaster && node.Status == HealthAnswer.Connected))
        {
            faults.Add(HealthText.Phrase("SecondaryConnected", Name(node)));
        }

        if (shards is not { } count)
        {
            lacks.Add(HealthText.Phrase("ShardsUnknown"));
            return;
        }

        LookAtPrimary(primaries, count);
        LookAtCoreapps(count);
    }

    private void LookAtPrimary(List<WaHealthNode> primaries, int count)
    {
        foreach (var primary in primaries)
        {
            if (count == 1 && primary.Status == HealthAnswer.Connected)
            {
                faults.Add(HealthText.Phrase("PrimaryConnected", Name(primary)));
            }
            else if (count > 1 && primary.Status == HealthAnswer.Disconnected)
            {
                lacks.Add(HealthText.Phrase("PrimaryNotConnected", Name(primary)));
            }
        }
    }

    private void LookAtCoreapps(int count)
    {
        var connected = answer.Nodes.Where(node => node.Role == HealthAnswer.Coreapp && node.Status == HealthAnswer.Connected).ToList();
        if (connected.Count > count)
        {
            faults.Add(HealthText.Phrase("TooManyCoreapps", connected.Count, count, string.Join(", ", connected.Select(Name))));
        }
        else if (connected.Count < count)
        {
            var others = answer.Nodes
                .Where(node => node.Role == HealthAnswer.Coreapp && node.Status != HealthAnswer.Connected)
                .Select(node => HealthText.Phrase("NodeState", Name(node), node.Status));
            lacks.Add(HealthText.Phrase("TooFewCoreapps", connected.Count, count, string.Join(", ", others)));
        }
    }

    /// <summary>A node that the databases still name while its container is gone: another one holds its host name, or Docker has none of its id.</summary>
    private bool IsGhost(WaHealthNode node)
    {
        var (host, id) = Split(node.Name);
        if (containerIds is not null && id.Length > 0)
        {
            return !containerIds.Any(container => container.StartsWith(id, StringComparison.OrdinalIgnoreCase));
        }

        return host.Length > 0 && answer.Nodes.Any(other => !ReferenceEquals(other, node)
            && other.Status != HealthAnswer.Failed
            && string.Equals(Split(other.Name).Host, host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Node names are host name and container id.</summary>
    internal static (string Host, string Id) Split(string name)
    {
        var at = name.LastIndexOf(':');
        return at < 0 ? (name, string.Empty) : (name.Substring(0, at), name.Substring(at + 1));
    }
}
