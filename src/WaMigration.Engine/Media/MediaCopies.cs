using System.Globalization;
using WaMigration.Containers;
using WaMigration.Media.Archives;

namespace WaMigration.Media;

/// <summary>Copies media between setups and archives.</summary>
internal static class MediaCopies
{
    /// <summary>The union of all volumes of the source onto each of the destination.</summary>
    internal static async Task CopyAsync(WaSetup source, string? sourceVolume, WaSetup destination, string? destinationVolume, MediaOptions options, Action<WaMediaCopy> copied, Operation operation)
    {
        var from = await MediaVolumes.FindAsync(source, sourceVolume, isWritten: false, operation).ConfigureAwait(false);
        if (operation.PlanOnly && destination.Journal.IsPlanned && destination.State != WaSetupState.Running)
        {
            // An earlier step of the plan would have made its volume.
            operation.Console.WhatIf(destination.Name, MediaErrors.Phrase("PlanCopy", string.Join(", ", from.Select(one => one.Name))));
            return;
        }

        var to = await MediaVolumes.FindAsync(destination, destinationVolume, isWritten: true, operation).ConfigureAwait(false);
        foreach (var target in to)
        {
            var others = from.Where(volume => volume.Identity != target.Identity).ToList();
            if (others.Count == 0)
            {
                operation.Console.Warning(MediaErrors.Phrase("SameVolume", target.Name));
                continue;
            }

            await RunAsync(others, target, options, Noted(destination, copied, operation), operation).ConfigureAwait(false);
        }
    }

    internal static async Task ExportAsync(WaSetup setup, string? volume, MediaArchive archive, MediaOptions options, Action<WaMediaCopy> copied, Operation operation) =>
        await RunAsync(await MediaVolumes.FindAsync(setup, volume, isWritten: false, operation).ConfigureAwait(false), archive, options, copied, operation).ConfigureAwait(false);

    internal static async Task ImportAsync(MediaArchive archive, WaSetup setup, string? volume, MediaOptions options, Action<WaMediaCopy> copied, Operation operation)
    {
        foreach (var target in await MediaVolumes.FindAsync(setup, volume, isWritten: true, operation).ConfigureAwait(false))
        {
            await RunAsync([archive], target, options, Noted(setup, copied, operation), operation).ConfigureAwait(false);
        }
    }

    /// <summary>Into the journal of a migration, too.</summary>
    private static Action<WaMediaCopy> Noted(WaSetup destination, Action<WaMediaCopy> copied, Operation operation) => result =>
    {
        operation.Note(
            destination,
            JournalKinds.MediaCopied,
            ("from", string.Join(", ", result.Source)),
            ("to", result.Destination),
            ("files", Text(result.Files)),
            ("moved", Text(result.Moved)),
            ("bytesMoved", Text(result.MovedBytes)),
            ("unsettled", Text(result.Unsettled.Count)),
            ("seconds", result.Duration.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)));
        copied(result);
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task RunAsync(IReadOnlyList<IMediaSource> from, IMediaTarget to, MediaOptions options, Action<WaMediaCopy> copied, Operation operation)
    {
        // Volumes can be listed only by containers of their own, which a plan does not make.
        if (!operation.May(to.Name, MediaErrors.Phrase("PlanCopy", string.Join(", ", from.Select(source => source.Name)))))
        {
            return;
        }

        var volumes = from.OfType<MediaVolume>().Concat(to is MediaVolume own ? [own] : []).ToList();
        foreach (var volume in volumes)
        {
            await volume.CleanAsync(operation.Cancellation).ConfigureAwait(false);
        }

        WaMediaCopy result;
        try
        {
            result = await new MediaCopier(from, to, options, operation).RunAsync().ConfigureAwait(false);
        }
        catch
        {
            await TryCleanAsync(volumes, operation).ConfigureAwait(false);
            throw;
        }

        foreach (var volume in volumes)
        {
            await volume.CleanAsync(operation.Cancellation).ConfigureAwait(false);
        }

        copied(result);
    }

    /// <summary>After a failure, which is what is told. What stays is removed by the next run.</summary>
    private static async Task TryCleanAsync(IEnumerable<MediaVolume> volumes, Operation operation)
    {
        using var limit = operation.Time.TimeoutSource(TimeSpan.FromSeconds(1));
        foreach (var volume in volumes)
        {
            try
            {
                await volume.CleanAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is WaException or OperationCanceledException)
            {
                operation.Console.Verbose(failure.Message);
            }
        }
    }
}
