using System.Security;
using WaMigration.Api;
using WaMigration.Containers;
using WaMigration.Security;

namespace WaMigration.Setups.Settings;

/// <summary>
/// Restores a settings backup onto a client: every gate before, the request exactly once, its outcome found out where
/// the answer was lost. A second restore would change the security code of the number again; one onto a client beside
/// another one that serves the number would cut both off.
/// </summary>
internal sealed class SettingsRestore
{
    private readonly WaSetup destination;
    private readonly string path;
    private readonly RestoreOptions options;
    private readonly Operation operation;
    private readonly IWaApi api;
    private readonly RestoreJournal journal;

    private SettingsRestore(WaSetup destination, string path, RestoreOptions options, Operation operation)
    {
        this.destination = destination;
        this.path = path;
        this.options = options;
        this.operation = operation;
        api = destination.Api(operation);
        journal = new RestoreJournal(destination);
    }

    private WaSetup? Source => options.Source ?? destination.Counterpart;

    internal static Task RunAsync(WaSetup destination, string path, SecureString password, RestoreOptions options, Operation operation) =>
        new SettingsRestore(destination, path, options, operation).RunAsync(password);

    private async Task RunAsync(SecureString password)
    {
        if (operation.PlanOnly && !File.Exists(path))
        {
            operation.Console.WhatIf(destination.Name, SettingsErrors.Phrase("PlanFileLater", path));
            return;
        }

        var content = await SettingsBackupFile.ReadAsync(path, password, operation).ConfigureAwait(false);
        try
        {
            if (await IsDoneByEarlierRunAsync(content.Backup).ConfigureAwait(false))
            {
                return;
            }

            // At the same time, since nobody serves the number meanwhile; where both fail, the first one's error is told.
            var registration = RequireDestinationAsync(content.Backup);
            var topology = TopologyComparison.ReadAsync(destination, api, operation);
            await Task.WhenAll(registration, topology).ConfigureAwait(false);
            var wasRegistered = await registration.ConfigureAwait(false);
            TopologyComparison.Require(content.Backup, destination, await topology.ConfigureAwait(false), options.Shards);
            await RequireSourceStoppedAsync(content.Backup, wasRegistered).ConfigureAwait(false);
            if (!operation.May(destination.Name, SettingsErrors.Phrase("PlanRestore", content.Backup.PhoneNumber, path)))
            {
                return;
            }

            await SendAsync(content, password, wasRegistered).ConfigureAwait(false);
            if (wasRegistered)
            {
                await RestartAsync().ConfigureAwait(false);
            }
        }
        catch (NotInstalledYetException)
        {
            operation.Console.WhatIf(destination.Name, SettingsErrors.Phrase("PlanRestore", content.Backup.PhoneNumber, path));
        }
    }

    /// <summary>Whether an earlier run restored already; where that cannot be told, nothing is sent.</summary>
    private async Task<bool> IsDoneByEarlierRunAsync(WaSettingsBackup backup)
    {
        if (journal.DoneWith(backup.Sha256) is { } done)
        {
            // Cut off between the answer and the restart, it stands still, and would tell nothing.
            if (journal.AwaitsRestart && !operation.PlanOnly)
            {
                await RestartAsync().ConfigureAwait(false);
            }

            var seen = await SettleAsync(TimeSpan.Zero).ConfigureAwait(false);
            if (seen.State == RegistrationState.Unregistered)
            {
                // It said yes, and is not registered: something else happened to it, and a person has to look.
                throw Unknown(SettingsErrors.Phrase("OutcomeUnregistered"));
            }

            operation.Console.Warning(SettingsErrors.Phrase("AlreadyRestored", destination.Name, done.At));
            return true;
        }

        if (journal.Open is not { } sending)
        {
            return false;
        }

        if (RestoreJournal.WasOntoRegistered(sending))
        {
            // It was registered before, so nothing that can be read shows what became of the request.
            if (!options.AllowRegistered)
            {
                throw Unknown(SettingsErrors.Phrase("OutcomeRegistered"));
            }

            // If it was taken the application stands still now, and tells nothing until it is restarted.
            if (journal.AwaitsRestart && !operation.PlanOnly)
            {
                await RestartAsync().ConfigureAwait(false);
            }

            return false;
        }

        var rest = sending.At + options.OutcomeWait - operation.Time.GetUtcNow();
        var outcome = await SettleAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero).ConfigureAwait(false);
        if (outcome.State == RegistrationState.Unregistered)
        {
            operation.Console.Verbose(SettingsErrors.Phrase("StillUnregistered", destination.Name));
            return false;
        }

        FoundDone(outcome, backup);
        return true;
    }

    /// <returns>Whether it is registered (and may be).</returns>
    private async Task<bool> RequireDestinationAsync(WaSettingsBackup backup)
    {
        if (Source is { PhoneNumber: { } number } && number != backup.PhoneNumber)
        {
            throw SettingsErrors.BackupOfAnotherNumber.Error(Source.Name, number, backup.PhoneNumber);
        }

        var state = await SettleAsync(TimeSpan.Zero, options.SettleTimeout).ConfigureAwait(false);
        switch (state.State)
        {
            case RegistrationState.Unregistered:
                return false;
            case RegistrationState.Unclear:
                throw SettingsErrors.ClientNotReady.Error(destination.Name, state.Detail);
            default:
                if (state.Number is { } registered && registered != backup.PhoneNumber)
                {
                    throw SettingsErrors.BackupOfAnotherNumber.Error(destination.Name, registered, backup.PhoneNumber);
                }

                return options.AllowRegistered
                    ? true
                    : throw SettingsErrors.ClientIsRegistered.Error(destination.Name, state.Number ?? backup.PhoneNumber);
        }
    }

    private async Task RequireSourceStoppedAsync(WaSettingsBackup backup, bool wasRegistered)
    {
        if (options.SourceStoppedStatedBy is { } person)
        {
            StoppedProof.State(Source ?? destination, person, operation);
        }

        if (Source is not { } source)
        {
            // A registered client that takes its own backup back is itself the one that serves the number.
            if (!wasRegistered && options.SourceStoppedStatedBy is null)
            {
                throw ClientErrors.SourceNotProvedStopped.Error(
                    backup.PhoneNumber,
                    null,
                    [SettingsErrors.Phrase("NoSourceKnown", destination.Name)],
                    destination.ApiUri);
            }

            return;
        }

        if (operation.PlanOnly && source.State == WaSetupState.Running)
        {
            // An earlier step of the plan would have stopped it.
            operation.Console.WhatIf(source.Name, SettingsErrors.Phrase("PlanProve", source.Name));
            return;
        }

        await StoppedProof.RequireAsync(source, operation).ConfigureAwait(false);
    }

    private async Task SendAsync(SettingsBackupContent content, SecureString password, bool wasRegistered)
    {
        journal.WriteSending(content.Backup, wasRegistered);
        try
        {
            await api.RestoreSettingsAsync(password.Reveal(), content.Data, operation.Cancellation).ConfigureAwait(false);
        }
        catch (WaApiException failure) when (failure.Kind == ApiErrors.RestoreOutcomeUnknown)
        {
            var outcome = wasRegistered ? null : await SettleAsync(options.OutcomeWait).ConfigureAwait(false);
            if (outcome is not { State: RegistrationState.Registered })
            {
                throw;
            }

            FoundDone(outcome, content.Backup);
            return;
        }
        catch (WaApiException failure) when (failure.HttpStatus >= 500
            && failure.Kind != ApiErrors.ApiNotReady
            && failure.Kind != ApiErrors.ApiBusy)
        {
            // The client said that it failed within; whether before or after it had taken the settings, it shows itself.
            var outcome = wasRegistered ? null : await SettleAsync(TimeSpan.Zero).ConfigureAwait(false);
            if (outcome is { State: RegistrationState.Unregistered })
            {
                throw Refused(content.Backup, failure);
            }

            if (outcome is not { State: RegistrationState.Registered })
            {
                throw Unknown(failure.Message, failure);
            }

            FoundDone(outcome, content.Backup);
            return;
        }
        catch (WaApiException failure)
        {
            throw Refused(content.Backup, failure);
        }

        journal.Write(JournalKinds.RestoreAnswered, content.Backup);
        destination.PhoneNumber = content.Backup.PhoneNumber;
    }

    /// <summary>Not taken for sure. A failed login or an unreachable API keeps its own error.</summary>
    private WaException Refused(WaSettingsBackup backup, WaApiException failure)
    {
        journal.WriteRefused(backup, failure.ErrorId);
        return failure.HttpStatus == 0 || failure.HttpStatus == 401
            ? failure
            : SettingsErrors.RestoreRefused.Error(destination.Name, failure, failure.Evidence, failure.Message);
    }

    private void FoundDone(Registration outcome, WaSettingsBackup backup)
    {
        if (outcome.State != RegistrationState.Registered)
        {
            throw Unknown(SettingsErrors.Phrase("OutcomeUnclear", outcome.Detail));
        }

        if (outcome.Number is { } number && number != backup.PhoneNumber)
        {
            throw SettingsErrors.BackupOfAnotherNumber.Error(destination.Name, number, backup.PhoneNumber);
        }

        journal.Write(JournalKinds.RestoreFoundDone, backup);
        destination.PhoneNumber = backup.PhoneNumber;
        operation.Console.Warning(SettingsErrors.Phrase("FoundDone", destination.Name));
    }

    /// <summary>The application of a client that was registered before stops with the restore, its containers do not.</summary>
    private async Task RestartAsync()
    {
        if (destination.DockerHosts.Count == 0)
        {
            operation.Console.Warning(SettingsErrors.Phrase("WarnRestart", destination.Name));
            return;
        }

        await NodeRestart.AllAsync(destination, operation).ConfigureAwait(false);
    }

    private async Task<Registration> SettleAsync(TimeSpan unregisteredAfter, TimeSpan? patience = null)
    {
        var activity = SettingsErrors.Phrase("Settling", destination.Name);
        try
        {
            return await Registration.SettleAsync(
                api,
                unregisteredAfter,
                patience,
                (seen, left) => operation.Console.Progress(new WaProgress(activity, Describe(seen, left))),
                operation).ConfigureAwait(false);
        }
        finally
        {
            operation.Console.Progress(new WaProgress(activity, string.Empty, null, IsCompleted: true));
        }
    }

    private static string Describe(Registration seen, TimeSpan left) => SettingsErrors.Phrase(
        "SettleState",
        seen.State switch
        {
            RegistrationState.Registered => SettingsErrors.Phrase("OutcomeRegistered"),
            RegistrationState.Unregistered => SettingsErrors.Phrase("OutcomeUnregistered"),
            _ => SettingsErrors.Phrase("OutcomeUnclear", seen.Detail),
        },
        (int)left.TotalSeconds);

    private WaException Unknown(string what, WaException? inner = null) =>
        ApiErrors.RestoreOutcomeUnknown.Error(destination.Name, inner, inner?.Evidence ?? [], "v1/settings/restore", what);
}
