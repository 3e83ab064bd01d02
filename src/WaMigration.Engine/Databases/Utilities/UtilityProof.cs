using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Utilities;

/// <summary>Compares what the tools brought with what was there, and names what they lost: objects, counters, columns.</summary>
internal sealed class UtilityProof(DatabasePair pair, CopyOptions options, string tool, TimeSpan time, Operation operation)
{
    private readonly List<string> differences = [];

    private ICopyTarget Target => pair.Target!;

    internal async Task RunAsync(Action<WaTableCopy> output)
    {
        if (options.SkipVerify)
        {
            pair.Model.Tables.ToList().ForEach(table => output(Result(table, null, WaTableState.Copied)));
            return;
        }

        var there = await Target.ReadModelAsync(pair.Model.HasOwners(), operation.Cancellation).ConfigureAwait(false);
        differences.AddRange(DatabaseFingerprint.Differences(pair.Model with { Properties = new Dictionary<string, string>(), Settings = [] }, there with { Settings = [] }));
        differences.AddRange(DatabaseComparer.Sequences(await pair.Source.SequencesAsync(operation.Cancellation).ConfigureAwait(false), there.Sequences));
        var others = there.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        foreach (var table in pair.Model.Tables.OrderByDescending(table => table.Bytes))
        {
            output(others.TryGetValue(table.Name, out var other)
                ? await CompareAsync(table, other).ConfigureAwait(false)
                : Result(table, TableDigest.Empty, WaTableState.Differs));
        }

        if (differences.Count > 0)
        {
            throw UtilityErrors.UtilityLostData.Error(Target.Server.Address + "/" + Target.Name, null, differences, tool, differences.Count);
        }
    }

    private async Task<WaTableCopy> CompareAsync(TableModel table, TableModel other)
    {
        var rows = pair.Source.DigestAsync(table, operation.Cancellation);
        var copied = Target.DigestAsync(other, operation.Cancellation);
        await Task.WhenAll(rows, copied).ConfigureAwait(false);
        var (ours, theirs) = (await rows.ConfigureAwait(false), await copied.ConfigureAwait(false));
        if (ours == theirs)
        {
            return Result(table, theirs, WaTableState.Verified);
        }

        differences.Add(ours.Rows != theirs.Rows
            ? DatabaseText.Catalog.Format("TableDiffers", table.Name, DatabaseText.Catalog.Format("RowsDiffer", ours.Rows, theirs.Rows))
            : DatabaseText.Catalog.Format("ColumnsDiffer", table.Name, await ColumnsAsync(table, other).ConfigureAwait(false)));
        return Result(table, theirs, WaTableState.Differs);
    }

    /// <summary>Which columns: an archive has the digests of whole tables alone, so there it is all.</summary>
    private async Task<string> ColumnsAsync(TableModel table, TableModel other)
    {
        var found = new List<string>();
        if (pair.Source.Parts is not null)
        {
            foreach (var column in table.Stored)
            {
                var same = other.Stored.FirstOrDefault(one => one.Name == column.Name);
                if (same is null
                    || await pair.Source.DigestAsync(table with { Columns = [column] }, operation.Cancellation).ConfigureAwait(false) != await Target.DigestAsync(other with { Columns = [same] }, operation.Cancellation).ConfigureAwait(false))
                {
                    found.Add(column.Name + " " + column.Type);
                }
            }
        }

        return found.Count > 0 ? string.Join(", ", found) : string.Join(", ", table.Stored.Select(column => column.Name));
    }

    private WaTableCopy Result(TableModel table, TableDigest? digest, WaTableState state) => new()
    {
        Database = pair.TargetName,
        Table = table.Name,
        Rows = digest?.Rows ?? 0,
        Bytes = table.Bytes,
        Seconds = Math.Round(time.TotalSeconds, 3),
        Digest = digest?.Text,
        State = state,
    };
}
