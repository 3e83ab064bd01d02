using WaLab;
using WaLab.Service;

namespace WaMigration.Tests.Kills;

/// <summary>What there was before the first run of a migration.</summary>
internal sealed record StateBeforeMigration(ServiceNumber Number, IReadOnlyList<string> OldContainers, IReadOnlyList<string> OldDatabases)
{
    internal static async Task<StateBeforeMigration> ReadAsync(Lab lab, CancellationToken cancellation) => new(
        await lab.Service.GetNumberAsync(lab.Number, cancellation),
        lab.Old.ContainerNames,
        await lab.ListDatabasesAsync(lab.Old, cancellation));
}
