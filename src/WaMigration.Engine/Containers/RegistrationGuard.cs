using WaMigration.Databases;

namespace WaMigration.Containers;

/// <summary>
/// Keeps two clients of one number from running at the same time: one whose databases carry the registration, or may
/// carry it, is started only when the other one is proved stopped.
/// </summary>
internal static class RegistrationGuard
{
    /// <param name="destination">What would be started.</param>
    /// <param name="source">The other client; null where it is not known.</param>
    /// <param name="sourceStoppedStated">A person said that the other one is stopped.</param>
    /// <param name="operation">The operation.</param>
    /// <exception cref="WaException">SourceStillRunning or SourceNotProvedStopped.</exception>
    internal static async Task RequireMayServeAsync(WaSetup destination, WaSetup? source, bool sourceStoppedStated, Operation operation)
    {
        var carries = await CarriesRegistrationAsync(destination, source, operation).ConfigureAwait(false);
        if (carries == false)
        {
            return;
        }

        operation.Console.Verbose(ContainerText.Catalog.Format(carries == true ? "CarriesRegistration" : "MayCarryRegistration", destination.Name));
        if (source is not null)
        {
            if (sourceStoppedStated)
            {
                StoppedProof.State(source, Environment.UserName, operation);
            }

            await StoppedProof.RequireAsync(source, operation).ConfigureAwait(false);
        }
        else if (!sourceStoppedStated)
        {
            throw ClientErrors.SourceNotProvedStopped.Error(
                destination.Name,
                null,
                [ContainerText.Catalog.Format("NoOtherSideKnown", destination.Name)],
                destination.ApiUri);
        }
    }

    /// <summary>Whether the databases of a setup carry a registration; null where nothing tells.</summary>
    internal static async Task<bool?> CarriesRegistrationAsync(WaSetup setup, WaSetup? source, Operation operation)
    {
        if (await SharesDatabasesAsync(setup, source, operation).ConfigureAwait(false))
        {
            return true;
        }

        // Fresh databases get a registration by nothing but a restore, which is journalled before it is sent.
        if (setup.Journal.Last(JournalKinds.DatabaseFresh, setup.Name) is not null)
        {
            return setup.Journal.Last(JournalKinds.RestoreSending, setup.Name) is null ? false : null;
        }

        if (await AreFreshAsync(setup, operation).ConfigureAwait(false))
        {
            // The first node makes tables: a run that goes on after an interruption relies on what is written down now.
            operation.Note(setup, JournalKinds.DatabaseFresh, ("server", setup.Database!.ToString()));
            return false;
        }

        return await RegistrationReader.ReadAsync(setup, operation).ConfigureAwait(false);
    }

    /// <summary>Whether the databases are proved absent or empty.</summary>
    internal static async Task<bool> AreFreshAsync(WaSetup setup, Operation operation)
    {
        if (setup.Database is not { } server)
        {
            return false;
        }

        try
        {
            return await ClientDatabases.AreFreshAsync(server, operation).ConfigureAwait(false);
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return false;
        }
    }

    private static async Task<bool> SharesDatabasesAsync(WaSetup setup, WaSetup? source, Operation operation)
    {
        if (setup.Database is not { } own || source?.Database is not { } other)
        {
            return false;
        }

        try
        {
            return await ClientDatabases.AreSameAsync(own, other, operation).ConfigureAwait(false);
        }
        catch (WaException failure)
        {
            // A server that cannot be asked who it is; its databases are looked at next, and count as unknown then.
            operation.Console.Verbose(failure.Message);
            return false;
        }
    }
}
