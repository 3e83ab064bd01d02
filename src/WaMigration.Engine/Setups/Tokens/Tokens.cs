using System.Globalization;
using System.Security;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Tokens;

/// <summary>Whether setups take tokens, and with which one a session goes on.</summary>
internal static class Tokens
{
    /// <summary>Whether a setup takes that token now.</summary>
    internal static async Task<WaToken> TestAsync(WaSetup setup, SecureString token, string? userName, DateTimeOffset? expiresAt, Operation operation)
    {
        var isAccepted = await setup.Api(operation).IsTokenAcceptedAsync(token, operation.Cancellation).ConfigureAwait(false);
        return new WaToken(setup.Name, userName, isAccepted, expiresAt, LeftOf(expiresAt, operation.Time));
    }

    /// <summary>The token that a session uses, as it is: nothing is renewed for the answer.</summary>
    internal static Task<WaToken> TestSessionAsync(WaSetup setup, WaSetup holder, Operation operation)
    {
        var token = (holder.Connections as SetupConnections)?.Token ?? throw TokenErrors.TokenMissing.Error(holder.Name);
        return TestAsync(setup, token.Value, holder.UserName, token.ExpiresAt, operation);
    }

    /// <summary>The token of a file.</summary>
    internal static async Task<WaToken> TestFileAsync(WaSetup setup, string path, SecureString password, Operation operation)
    {
        var (backup, kept) = await TokenFile.ReadAsync(path, password, operation).ConfigureAwait(false);
        return await TestAsync(setup, kept.Token, backup.UserName, backup.ExpiresAt, operation).ConfigureAwait(false);
    }

    /// <summary>
    /// Proves that a setup takes the token of a file, and goes on with the login that it was backed up by: where waweb was
    /// carried, the login that the new setup had before is gone.
    /// </summary>
    internal static async Task<WaToken> RestoreAsync(WaSetup setup, string path, SecureString password, Operation operation)
    {
        if (operation.PlanOnly && !File.Exists(path))
        {
            // An earlier step of the plan would have written it.
            operation.Console.WhatIf(setup.Name, TokenErrors.Phrase("PlanRestore", path));
            return new WaToken(setup.Name, null, false, null, null);
        }

        var (backup, kept) = await TokenFile.ReadAsync(path, password, operation).ConfigureAwait(false);
        var connections = (SetupConnections)setup.Connections;
        WaToken seen;
        try
        {
            seen = await TestAsync(setup, kept.Token, backup.UserName, backup.ExpiresAt, operation).ConfigureAwait(false);
        }
        catch (NotInstalledYetException)
        {
            operation.Console.WhatIf(setup.Name, TokenErrors.Phrase("PlanRestore", path));
            return new WaToken(setup.Name, backup.UserName, false, backup.ExpiresAt, LeftOf(backup.ExpiresAt, operation.Time));
        }

        // Under -WhatIf the databases are not carried yet, so the token is not good yet.
        if (!operation.May(setup.Name, TokenErrors.Phrase("PlanRestore", path)))
        {
            return seen;
        }

        if (!seen.IsAccepted)
        {
            throw TokenErrors.TokenNotAccepted.Error(setup.Name, Ended(seen));
        }

        var next = new ApiToken(kept.Token, backup.ExpiresAt);
        if (kept is { SessionUser: { } user, SessionPassword: { } login })
        {
            // Once: bad logins lock this machine out.
            next = await setup.Api(operation).WithoutRepeats.LoginAsync(user, login.Reveal(), null, operation.Cancellation).ConfigureAwait(false);
        }

        connections.Adopt(next, kept.SessionUser ?? backup.UserName, kept.SessionPassword);
        setup.State = WaSetupState.Running;
        setup.Journal.Write(JournalKinds.TokenRestored, setup.Name, ("path", path), ("sha256", backup.Sha256));
        return seen;
    }

    /// <summary>
    /// Goes on with the login of a file, and asks nothing of the token, which may have ended since: what a later session needs
    /// that still describes the new setup with the login that it had before waweb came.
    /// </summary>
    internal static async Task AdoptAsync(WaSetup setup, string path, SecureString password, Operation operation)
    {
        var (backup, kept) = await TokenFile.ReadAsync(path, password, operation).ConfigureAwait(false);
        var token = kept.SessionPassword is null ? new ApiToken(kept.Token, backup.ExpiresAt) : null;
        ((SetupConnections)setup.Connections).Adopt(token, kept.SessionUser ?? backup.UserName, kept.SessionPassword);
    }

    /// <summary>Null where nothing tells its end.</summary>
    internal static TimeSpan? LeftOf(DateTimeOffset? expiresAt, TimeProvider time)
    {
        var left = expiresAt - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <summary>What a token itself, its login and a person say of its end: the earliest counts.</summary>
    internal static DateTimeOffset? EarliestEnd(SecureString token, DateTimeOffset? said)
    {
        var own = JsonWebToken.ExpiryOf(token.Reveal());
        return own is null ? said : said is null || own < said ? own : said;
    }

    internal static string Ended(WaToken token) => token.TimeLeft == TimeSpan.Zero
        ? TokenErrors.Phrase("EndedAt", token.ExpiresAt!.Value.ToLocalTime().ToString("G", CultureInfo.CurrentCulture))
        : string.Empty;
}
