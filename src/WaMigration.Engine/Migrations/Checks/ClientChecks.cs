using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Containers;
using WaMigration.Setups;

namespace WaMigration.Migrations.Checks;

/// <summary>The clients themselves: health, registration, tokens, build.</summary>
internal static class ClientChecks
{
    /// <summary>The vendor's images carry the day on which the build stops working.</summary>
    private const string ExpiryLabel = "EXPIRES_ON";
    private static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(14);

    /// <summary>What a token must last at least: the longest part of Option 1 is the wait for health.</summary>
    private static readonly TimeSpan TokenNeeded = TimeSpan.FromHours(1);

    internal static async Task<CheckFinding?> SourceHealthAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var health = await context.SourceHealthAsync().ConfigureAwait(false);
        return health.Status == WaHealthStatus.Healthy
            ? CheckFinding.Passed("SourceHealthy", source.Name)
            : CheckFinding.Failed("SourceNotHealthy", source.Name, health.Status, string.Join(" ", health.Reasons));
    }

    internal static async Task<CheckFinding?> SourceNumberAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var support = await context.SourceSupportAsync().ConfigureAwait(false);
        if (support.SaysUnregistered)
        {
            return CheckFinding.Failed("SourceUnregistered", source.Name);
        }

        return support.PhoneNumber is { } number
            ? CheckFinding.Passed("SourceNumberKnown", source.Name, number)
            : CheckFinding.Unknown("SourceNumberUnknown", source.Name);
    }

    internal static async Task<CheckFinding?> DestinationAnswersAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || context.DestinationComesLater)
        {
            return null;
        }

        var support = await context.DestinationSupportAsync().ConfigureAwait(false);
        return CheckFinding.Passed("DestinationAnswers", destination.ApiUri, support.Version);
    }

    /// <summary>Restored onto a registered client, a backup stops it; and a registered one would fight for the number.</summary>
    internal static async Task<CheckFinding?> DestinationUnregisteredAsync(CheckContext context)
    {
        if (context.Destination is not { } destination)
        {
            return context.Run?.Record.Ready is { } ready
                ? CheckFinding.Passed("ReadyUnregistered", ready.Setup, Local(ready.CreatedAt))
                : CheckFinding.Unknown("ReadyMissing");
        }

        if (context.DestinationComesLater)
        {
            return null;
        }

        var health = await context.DestinationHealthAsync().ConfigureAwait(false);
        if (health.IsRegistered && health.Nodes.Any(node => node.Status is HealthAnswer.Connected or HealthAnswer.Connecting or HealthAnswer.Disconnected))
        {
            return CheckFinding.Failed("DestinationRegistered", destination.Name);
        }

        var silent = health.Nodes.Where(node => node.Status != HealthAnswer.Unregistered && IsCore(node)).Select(node => $"{node.Name} {node.Status}").ToList();
        return health.Nodes.Count == 0 || silent.Count > 0
            ? CheckFinding.Unknown("RegistrationUnknown", destination.Name, string.Join(", ", silent))
            : CheckFinding.Passed("DestinationUnregistered", destination.Name);
    }

    internal static Task<CheckFinding?> SourceTokenAsync(CheckContext context) => Task.FromResult(Token(context.ServingSource, context.Operation));

    internal static Task<CheckFinding?> DestinationTokenAsync(CheckContext context) => Task.FromResult(context.DestinationComesLater ? null : Token(context.Destination, context.Operation));

    /// <summary>A build that ends during the migration, or soon after, is no client to move or to move to.</summary>
    internal static async Task<CheckFinding?> BuildExpiryAsync(CheckContext context)
    {
        var ends = new List<(string Setup, DateTimeOffset At)>();
        if (context.ServingSource is { } source)
        {
            ends.AddRange(Expiries(source.Name, await context.SourceSupportAsync().ConfigureAwait(false)));
            ends.AddRange(await LabelledAsync(source, context.Operation).ConfigureAwait(false));
        }

        if (context.Destination is { State: WaSetupState.Running } destination)
        {
            ends.AddRange(Expiries(destination.Name, await context.DestinationSupportAsync().ConfigureAwait(false)));
            ends.AddRange(await LabelledAsync(destination, context.Operation).ConfigureAwait(false));
        }

        if (ends.Count == 0)
        {
            return CheckFinding.Warning("ExpiryNotKnown");
        }

        var now = context.Operation.Time.GetUtcNow();
        var (setup, at) = ends.OrderBy(end => end.At).First();
        return at <= now ? CheckFinding.Failed("BuildExpired", setup, Day(at))
            : at - now < ExpiryWarning ? CheckFinding.Warning("BuildExpires", setup, Day(at))
            : CheckFinding.Passed("BuildLasts", setup, Day(at));
    }

    /// <summary>The vendor advises to try a test account first, and nothing can tell whether that was done.</summary>
    internal static Task<CheckFinding?> RehearsalAsync(CheckContext context) =>
        Task.FromResult<CheckFinding?>(CheckFinding.Warning("Rehearsal"));

    private static CheckFinding? Token(WaSetup? setup, Operation operation)
    {
        if (setup is null)
        {
            return null;
        }

        if (setup.Connections.Password is not null)
        {
            return CheckFinding.Passed("TokenRenewed", setup.Name, setup.UserName);
        }

        return setup.TokenExpiresAt is not { } end ? CheckFinding.Unknown("TokenMissing", setup.Name)
            : end - operation.Time.GetUtcNow() < TokenNeeded ? CheckFinding.Failed("TokenShort", setup.Name, Local(end))
            : CheckFinding.Passed("TokenLasts", setup.Name, Local(end));
    }

    /// <summary>Masters and Coreapps; a Webapp has no registration.</summary>
    private static bool IsCore(WaHealthNode node) => node.Role.Length == 0 || node.Role is HealthAnswer.PrimaryMaster or HealthAnswer.SecondaryMaster or HealthAnswer.Coreapp;

    private static IEnumerable<(string Setup, DateTimeOffset At)> Expiries(string setup, SupportFacts support) => support.Nodes
        .Select(node => Time(node.Fields["expire_timestamp"]))
        .OfType<DateTimeOffset>()
        .Select(at => (setup, at));

    private static async Task<IEnumerable<(string Setup, DateTimeOffset At)>> LabelledAsync(WaSetup setup, Operation operation)
    {
        if (setup.DockerHosts.Count == 0)
        {
            return [];
        }

        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        return inventory.Containers
            .Select(container => container.Detail.Definition.Label(ExpiryLabel))
            .Select(text => Time(text is null ? null : JsonValue.Create(text)))
            .OfType<DateTimeOffset>()
            .Select(at => (setup.Name, at));
    }

    /// <summary>Seconds since 1970, or a date in any usual form.</summary>
    private static DateTimeOffset? Time(JsonNode? value)
    {
        var text = value?.ToString();
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253402300800)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static string Day(DateTimeOffset time) => time.ToLocalTime().ToString("d", CultureInfo.CurrentCulture);

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
