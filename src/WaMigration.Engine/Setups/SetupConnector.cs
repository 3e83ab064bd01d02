using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration.Setups;

/// <summary>Connects to setups, and finds out of them what can be found out.</summary>
internal static class SetupConnector
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Validates, logs in, reads version, number and database. A setup described as not installed is not contacted.</summary>
    internal static async Task<WaSetup> ConnectAsync(SetupOptions options, Operation operation)
    {
        Validate(options);
        var connections = new SetupConnections(options);
        try
        {
            var setup = new WaSetup(options.Name, options.ApiUri, WaSetupState.Unknown, connections);
            connections.Owner = setup;
            if (options.Database.IsComplete)
            {
                setup.Database = options.Database.ToServer(WaDatabaseEngine.Unknown);
            }

            if (!options.NotInstalled)
            {
                await ReachAsync(setup, connections, operation).ConfigureAwait(false);
            }

            return setup;
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    /// <summary>Logs in again, waiting at most that long for an API, and the nodes behind it, that are just being started.</summary>
    internal static async Task<WaSetup> ReconnectAsync(WaSetup setup, TimeSpan wait, Operation operation)
    {
        var connections = (SetupConnections)setup.Connections;
        if (operation.PlanOnly && setup.State != WaSetupState.Running)
        {
            operation.Console.WhatIf(setup.Name, SetupErrors.Phrase("PlanLogin", connections.UserName, setup.ApiUri));
            return setup;
        }

        connections.ForgetToken();
        var start = operation.Time.GetTimestamp();
        bool MayWait(WaApiException failure) => IsStarting(failure) && operation.Time.GetElapsedTime(start) < wait;
        while (true)
        {
            try
            {
                await LoginAsync(setup, connections, operation, MayWait).ConfigureAwait(false);
                await FindDatabaseAsync(setup, connections.Options.Database, operation).ConfigureAwait(false);
                return setup;
            }
            catch (WaApiException failure) when (MayWait(failure))
            {
                operation.Console.Progress(new WaProgress(SetupErrors.Phrase("WaitActivity", setup.Name), failure.Message));
                await operation.DelayAsync(RetryInterval).ConfigureAwait(false);
            }
            finally
            {
                operation.Console.Progress(new WaProgress(SetupErrors.Phrase("WaitActivity", setup.Name), string.Empty, null, IsCompleted: true));
            }
        }
    }

    /// <summary>Revokes the token and forgets the connections.</summary>
    internal static async Task DisconnectAsync(WaSetup setup, Operation operation)
    {
        try
        {
            if (setup.Connections is SetupConnections { Token: not null })
            {
                await setup.Api(operation).LogoutAsync(operation.Cancellation).ConfigureAwait(false);
            }
        }
        catch (WaApiException failure) when (failure.HttpStatus is 0 or 401)
        {
            // Gone with the client, or ended already: either way nobody can use it any more from here.
            operation.Console.Verbose(failure.Message);
        }

        if (!operation.PlanOnly)
        {
            (setup.Connections as IDisposable)?.Dispose();
        }
    }

    private static void Validate(SetupOptions options)
    {
        if (!options.ApiUri.IsAbsoluteUri || options.ApiUri.Scheme != Uri.UriSchemeHttps)
        {
            throw SetupErrors.ApiAddressNotUsable.Error(options.ApiUri.ToString());
        }

        if (options.NewPassword is { } changed)
        {
            PasswordRule.Require(changed, options.Name);
        }
    }

    private static bool IsStarting(WaApiException failure) =>
        failure.Kind == ApiErrors.ApiUnreachable
        || failure.Kind == ApiErrors.ApiConnectionLost
        || failure.Kind == ApiErrors.ApiUnavailable
        || failure.Kind == ApiErrors.ApiNotReady
        || failure.Kind == ApiErrors.ApiDatabaseFailed
        || failure.Kind == ApiErrors.ApiBusy;

    private static async Task ReachAsync(WaSetup setup, SetupConnections connections, Operation operation)
    {
        try
        {
            await LoginAsync(setup, connections, operation).ConfigureAwait(false);
        }
        catch (NotInstalledYetException)
        {
            operation.Console.Verbose(SetupErrors.Phrase("PlanNewPassword", setup.Name));
        }
        catch (WaApiException failure) when (failure.Kind == ApiErrors.ApiUnreachable && connections.DockerHostAddresses.Count > 0)
        {
            var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
            setup.State = inventory.Containers.Count == 0 ? WaSetupState.NotInstalled : WaSetupState.Stopped;
            operation.Console.Warning(setup.State == WaSetupState.NotInstalled
                ? SetupErrors.Phrase("WarnNotInstalled", setup.Name)
                : SetupErrors.Phrase("WarnStopped", setup.Name, failure.Message));
            setup.ClientVersion = inventory.OfRole(WaNodeRole.Webapp).Select(webapp => webapp.Node.Version).FirstOrDefault(version => version.Length > 0);
            FindDatabase(setup, connections.Options.Database, inventory);
            return;
        }

        await FindDatabaseAsync(setup, connections.Options.Database, operation).ConfigureAwait(false);
    }

    /// <summary>The client serves without us knowing its database, so a Docker host that is down is no reason to refuse it here.</summary>
    private static async Task FindDatabaseAsync(WaSetup setup, DatabaseOptions options, Operation operation)
    {
        if (setup.DockerHosts.Count == 0)
        {
            return;
        }

        try
        {
            FindDatabase(setup, options, await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false));
        }
        catch (WaException failure) when (failure.Kind == ContainerErrors.DockerHostUnreachable)
        {
            operation.Console.Warning(SetupErrors.Phrase("WarnDockerHost", setup.Name, failure.Message));
        }
    }

    private static void FindDatabase(WaSetup setup, DatabaseOptions options, ClientInventory inventory)
    {
        if (!options.IsComplete && DatabaseDiscovery.Find(inventory) is { } found)
        {
            setup.Database = options.Over(found);
            setup.IsDatabaseFound = true;
        }
    }

    /// <summary>Nodes that tell nothing are a warning, but an error where the caller may wait for them.</summary>
    private static async Task LoginAsync(WaSetup setup, SetupConnections connections, Operation operation, Func<WaApiException, bool>? mayWait = null)
    {
        await connections.LoginAsync(operation).ConfigureAwait(false);
        setup.State = WaSetupState.Running;
        setup.Journal.Write(JournalKinds.LoggedIn, setup.Name);
        var engine = WaDatabaseEngine.Unknown;
        try
        {
            var support = await SupportFacts.ReadAsync(setup.Api(operation), operation.Cancellation).ConfigureAwait(false);
            setup.PhoneNumber = support.PhoneNumber;
            setup.ClientVersion = support.Version ?? connections.ToldVersion;
            engine = EngineOf(support.DatabaseEngine);
        }
        catch (WaApiException failure) when (failure.HttpStatus is >= 500 or 403 or 404 && mayWait?.Invoke(failure) != true)
        {
            // The login alone is what counts here.
            setup.ClientVersion = connections.ToldVersion ?? setup.ClientVersion;
            operation.Console.Warning(SetupErrors.Phrase("WarnSupport", setup.Name, failure.Message));
        }

        if (connections.Options.Database.IsComplete)
        {
            setup.Database = connections.Options.Database.ToServer(engine);
        }
    }

    private static WaDatabaseEngine EngineOf(string? named) => named?.ToUpperInvariant() switch
    {
        "PGSQL" => WaDatabaseEngine.PostgreSql,
        "MYSQL" => WaDatabaseEngine.MySql,
        _ => WaDatabaseEngine.Unknown,
    };
}
