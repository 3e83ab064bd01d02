using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Setups;

namespace WaMigration.Migrations.Checks;

/// <summary>The clocks of all machines: of the clients that run, and of the Docker hosts of both sides.</summary>
internal static class ClockChecks
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>The client writes its time without separators, which the usual parser does not know.</summary>
    private static readonly string[] Basic = ["yyyyMMdd'T'HHmmss.FFFFFFFK", "yyyyMMdd'T'HHmmssK"];

    /// <summary>A clock that is wrong makes tokens end early and times in the record lie.</summary>
    internal static async Task<CheckFinding?> AgreeAsync(CheckContext context)
    {
        var told = new List<(string Who, TimeSpan Ahead)>();
        await AddClientAsync(told, context.ServingSource, context.SourceSupportAsync, context).ConfigureAwait(false);
        await AddClientAsync(told, context.Destination is { State: WaSetupState.Running } running ? running : null, context.DestinationSupportAsync, context).ConfigureAwait(false);
        foreach (var host in new[] { context.Source, context.Destination }.OfType<WaSetup>().SelectMany(setup => setup.DockerHostConnections(context.Operation)))
        {
            var begun = context.Operation.Time.GetUtcNow();
            if (await host.GetClockAsync(context.Operation.Cancellation).ConfigureAwait(false) is { } time)
            {
                told.Add((host.Address.ToString(), time - begun));
            }
        }

        if (told.Count == 0)
        {
            return CheckFinding.Warning("ClocksNotKnown");
        }

        var list = string.Join(", ", told.Select(one => one.Who + " " + one.Ahead.TotalSeconds.ToString("+0;-0;0", CultureInfo.CurrentCulture) + " s").Distinct());
        return told.Max(one => one.Ahead.Duration()) > Tolerance ? CheckFinding.Warning("ClocksDiffer", list) : CheckFinding.Passed("ClocksAgree", list);
    }

    private static async Task AddClientAsync(List<(string Who, TimeSpan Ahead)> told, WaSetup? setup, Func<Task<SupportFacts>> read, CheckContext context)
    {
        if (setup is null)
        {
            return;
        }

        var begun = context.Operation.Time.GetUtcNow();
        var support = await read().ConfigureAwait(false);
        told.AddRange(support.Nodes
            .Select(node => Time(node.Fields["device_iso8601"]))
            .OfType<DateTimeOffset>()
            .Select(time => (setup.Name, time - begun)));
    }

    private static DateTimeOffset? Time(JsonNode? value) =>
        DateTimeOffset.TryParseExact(value?.ToString(), Basic, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        || DateTimeOffset.TryParse(value?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time : null;
}
