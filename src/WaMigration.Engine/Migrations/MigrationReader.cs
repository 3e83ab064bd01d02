using WaMigration.Setups;

namespace WaMigration.Migrations;

/// <summary>Reads where a migration stands, and looks at the setups where they are given.</summary>
internal static class MigrationReader
{
    /// <summary>Who asks where it stands wants an answer soon; a side that is down says so by not answering.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static async Task<WaMigration> ReadAsync(string path, WaSetup? source, WaSetup? destination, Operation operation)
    {
        var picture = MigrationFolder.Read(path, operation);
        if (source is null && destination is null)
        {
            return new WaMigration(picture);
        }

        var looks = await Task.WhenAll(LookAsync(source, operation), LookAsync(destination, operation)).ConfigureAwait(false);
        return new WaMigration(picture, Serving.FromHealth(picture, looks[0], looks[1]));
    }

    private static async Task<WaHealth?> LookAsync(WaSetup? setup, Operation operation)
    {
        if (setup is null)
        {
            return null;
        }

        using var limit = operation.Time.TimeoutSource(Patience);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, operation.Cancellation);
        try
        {
            return await HealthReader.ReadAsync(setup, new Operation(operation.Console, operation.PlanOnly, both.Token, operation.Time)).ConfigureAwait(false);
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
        catch (OperationCanceledException) when (!operation.Cancellation.IsCancellationRequested)
        {
            operation.Console.Verbose(MigrationText.Catalog.Format("NoAnswerInTime", setup.Name));
            return null;
        }
    }
}
