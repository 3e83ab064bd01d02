using System.Globalization;
using System.Security;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Tokens;

/// <summary>Keeps a token of a setup in a file, so that it can be proved and used after the databases were carried.</summary>
internal static class TokenBackup
{
    /// <summary>
    /// By a fresh login, which gives the full life of a token, or with one that is given and is proved to be good. The file is
    /// read back from disk and opened with the very password before it counts; one that was there stays where that fails.
    /// </summary>
    internal static async Task<WaTokenBackup> RunAsync(WaSetup setup, string path, SecureString password, TokenOptions options, Operation operation)
    {
        if (password.Length == 0)
        {
            throw TokenErrors.TokenFilePasswordEmpty.Error(path);
        }

        if (File.Exists(path) && !options.Force)
        {
            throw TokenErrors.TokenFileExists.Error(path);
        }

        var connections = (SetupConnections)setup.Connections;
        var userName = options.UserName ?? (options.Token is null ? connections.UserName : null);
        if (options.Token is { } given)
        {
            await RequireGivenAsync(setup, given, options, operation).ConfigureAwait(false);
        }

        // A login leaves a token in the client's database, so that a plan makes none.
        if (!operation.May(path, options.Token is null ? TokenErrors.Phrase("PlanBackup", userName) : TokenErrors.Phrase("PlanBackupGiven")))
        {
            return new WaTokenBackup(path, setup.Name, userName, options.ExpiresAt, operation.Time.GetUtcNow(), string.Empty);
        }

        var token = options.Token is { } good
            ? new ApiToken(good, Tokens.EarliestEnd(good, options.ExpiresAt))
            : await LogInAsync(setup, userName, options.UserPassword ?? connections.Password, options.RequiredDuration, operation).ConfigureAwait(false);
        if (token.ExpiresAt is null)
        {
            operation.Console.Warning(TokenErrors.Phrase("WarnExpiryUnknown", setup.Name));
        }

        var backup = new WaTokenBackup(path, setup.Name, userName, token.ExpiresAt, operation.Time.GetUtcNow(), string.Empty);
        var kept = new KeptToken(token.Value, connections.UserName, connections.Password);
        var written = await WriteAsync(backup, kept, password, operation).ConfigureAwait(false);
        setup.Journal.Write(
            JournalKinds.TokenWritten,
            setup.Name,
            ("path", path),
            ("sha256", written.Sha256),
            ("expiresAt", token.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture) ?? string.Empty));
        return written;
    }

    private static async Task RequireGivenAsync(WaSetup setup, SecureString token, TokenOptions options, Operation operation)
    {
        var seen = await Tokens.TestAsync(setup, token, null, Tokens.EarliestEnd(token, options.ExpiresAt), operation).ConfigureAwait(false);
        if (!seen.IsAccepted)
        {
            throw TokenErrors.TokenNotAccepted.Error(setup.Name, Tokens.Ended(seen));
        }

        RequireLife(setup, seen.ExpiresAt, options.RequiredDuration, operation);
    }

    private static async Task<ApiToken> LogInAsync(WaSetup setup, string? userName, SecureString? password, TimeSpan? required, Operation operation)
    {
        if (userName is null || password is null)
        {
            throw ApiErrors.LoginMissing.Error(setup.Name, "v1/users/login");
        }

        var token = await setup.Api(operation).WithoutRepeats.LoginAsync(userName, password.Reveal(), null, operation.Cancellation).ConfigureAwait(false);
        RequireLife(setup, token.ExpiresAt, required, operation);
        return token;
    }

    /// <summary>What is not known is not taken for enough.</summary>
    private static void RequireLife(WaSetup setup, DateTimeOffset? expiresAt, TimeSpan? required, Operation operation)
    {
        if (required is not { } needed)
        {
            return;
        }

        var left = Tokens.LeftOf(expiresAt, operation.Time) ?? throw TokenErrors.TokenExpiryUnknown.Error(setup.Name, Said(needed));
        if (left < needed)
        {
            throw TokenErrors.TokenTooShortLived.Error(setup.Name, Said(left), Said(needed));
        }
    }

    private static async Task<WaTokenBackup> WriteAsync(WaTokenBackup backup, KeptToken kept, SecureString password, Operation operation)
    {
        var content = await Task.Run(() => TokenFile.Seal(backup, kept, password), operation.Cancellation).ConfigureAwait(false);
        try
        {
            var before = File.Exists(backup.Path) ? File.ReadAllBytes(backup.Path) : null;
            PrivateFiles.Replace(backup.Path, content);
            try
            {
                var (read, back) = await TokenFile.ReadAsync(backup.Path, password, operation).ConfigureAwait(false);
                return back.Token.Reveal() == kept.Token.Reveal()
                    ? read
                    : throw TokenErrors.TokenFileNotWritten.Error(backup.Path, TokenErrors.Phrase("ReadBack"));
            }
            catch (WaException)
            {
                if (before is not null)
                {
                    PrivateFiles.Replace(backup.Path, before);
                }

                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw TokenErrors.TokenFileNotWritten.Error(backup.Path, failure, [], failure.Message);
        }
    }

    private static string Said(TimeSpan time) => time.ToString(time.Days > 0 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
}
