using WaMigration.Containers;
using WaMigration.Databases;
using WaMigration.Databases.Copying;

namespace WaMigration.Migrations.Undo;

/// <summary>Says what going back costs where the new client has served on copied databases, and looks whether it can be done.</summary>
internal static class UndoCosts
{
    private static TextCatalog Text => MigrationText.Catalog;

    internal static async Task TellAsync(UndoRecord undo, bool sharesDatabases, WaSetup source, WaSetup destination, Operation operation)
    {
        if (undo.Steps[(int)UndoStep.BringBack - 1].IsBehind || !(undo.CarriesBack || undo.Discards || sharesDatabases))
        {
            return;
        }

        // Asked before the new client goes: afterwards it would be too late to find out that there is no way.
        var old = source.Database ?? throw CopyErrors.DatabaseServerNotKnown.Error(source.Name);
        var own = destination.Database ?? throw CopyErrors.DatabaseServerNotKnown.Error(destination.Name);
        if (!undo.CarriesBack && !undo.Discards)
        {
            return;
        }

        if (undo.CarriesBack)
        {
            operation.Console.Warning(Text.Format("UndoCarriesBack", destination.Name, source.Name));
            return;
        }

        var more = await MoreRowsAsync(old, own, operation).ConfigureAwait(false);
        var pending = await PendingCounts.FromDatabasesAsync(source, operation).ConfigureAwait(false);
        operation.Console.Warning(Text.Format(
            "UndoDiscards",
            destination.Name,
            more.Count == 0 ? Text["NoMoreRows"] : string.Join(", ", more),
            pending?.Messages.ToString(System.Globalization.CultureInfo.CurrentCulture) ?? Text["NotKnown"],
            source.Name));
    }

    /// <summary>The tables that have more rows on the new side, each with how many.</summary>
    private static async Task<IReadOnlyList<string>> MoreRowsAsync(WaDatabaseServer old, WaDatabaseServer own, Operation operation)
    {
        var more = new List<string>();
        await DatabaseComparer.RunAsync(
            old,
            own,
            new CopyOptions { ExcludeWaweb = true },
            table =>
            {
                if (table.DestinationRows > table.SourceRows)
                {
                    lock (more)
                    {
                        more.Add($"{table.Database} {table.Name} +{table.DestinationRows - table.SourceRows}");
                    }
                }
            },
            operation).ConfigureAwait(false);
        return more;
    }
}
