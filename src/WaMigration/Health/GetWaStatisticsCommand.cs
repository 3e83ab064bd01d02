using System.Management.Automation;
using WaMigration.Setups.Information;

namespace WaMigration.Commands;

/// <summary>Shows the statistics of a client, one object for each value. Those of the database are slow on large databases.</summary>
[Cmdlet(VerbsCommon.Get, "WaStatistics")]
[OutputType(typeof(WaStatistic))]
public sealed class GetWaStatisticsCommand : WaSetupCmdlet
{
    /// <summary>App or Db; both by default.</summary>
    [Parameter(Position = 1)]
    [ValidateSet("App", "Db")]
    public string[] Area { get; set; } = ["App", "Db"];

    /// <summary>Only statistics of this name; wildcards may be used.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var pattern = new WildcardPattern(Name, WildcardOptions.IgnoreCase);
        foreach (var area in Area)
        {
            foreach (var statistic in await Statistics.GetAsync(Setup, area, operation).ConfigureAwait(false))
            {
                if (pattern.IsMatch(statistic.Name))
                {
                    Output(statistic);
                }
            }
        }
    }
}
