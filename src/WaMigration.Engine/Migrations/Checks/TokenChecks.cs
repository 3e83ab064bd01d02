using System.Globalization;
using WaMigration.Setups;
using WaMigration.Setups.Tokens;

namespace WaMigration.Migrations.Checks;

/// <summary>What must be so for tokens of the old client to be good on the new one (Option 3).</summary>
internal static class TokenChecks
{
    /// <summary>What the token must last from here at least: the downtime, and time for the application to get a new one.</summary>
    private static readonly TimeSpan Needed = TimeSpan.FromHours(1);

    /// <summary>The token in the file opens with the password that will be used, and lives long enough.</summary>
    internal static async Task<CheckFinding?> BackupAsync(CheckContext context)
    {
        if (context.Run is not { } run)
        {
            return null;
        }

        var path = run.File(MigrationFiles.Token);
        if (!File.Exists(path))
        {
            return run.IsPlan ? CheckFinding.Passed("TokenPlanned", path) : CheckFinding.Failed("TokenFileAbsent", path);
        }

        if (context.BackupPassword is not { } password)
        {
            return CheckFinding.Unknown("BackupPasswordMissing");
        }

        var (backup, _) = await TokenFile.ReadAsync(path, password, context.Operation).ConfigureAwait(false);
        return backup.ExpiresAt is not { } end ? CheckFinding.Warning("TokenEndUnknown", path)
            : end - context.Operation.Time.GetUtcNow() < Needed ? CheckFinding.Failed("TokenEndsTooSoon", path, Local(end), Needed.TotalMinutes)
            : CheckFinding.Passed("TokenKept", path, Local(end));
    }

    /// <summary>Both sides' Webapps sign with the same key, else every token dies with the move.</summary>
    internal static async Task<CheckFinding?> KeysAsync(CheckContext context)
    {
        if (context.ServingSource is not { DockerHosts.Count: > 0 } source || context.Destination is not { DockerHosts.Count: > 0 } destination || context.DestinationComesLater)
        {
            return null;
        }

        return await TokenKeys.CompareAsync(source, destination, context.Operation).ConfigureAwait(false) switch
        {
            TokenKeyState.Equal => CheckFinding.Passed("TokenKeysEqual", destination.Name),
            TokenKeyState.UnsetSameImage => CheckFinding.Passed("TokenKeysOfImage", destination.Name),
            TokenKeyState.Unknown => CheckFinding.Warning("TokenKeysUnknown", source.Name, destination.Name),
            var state => CheckFinding.Failed("TokenKeysDiffer", source.Name, destination.Name, CheckFinding.Phrase("TokenKeys" + state)),
        };
    }

    /// <summary>With waweb left behind (Option 2), what was a login on the old side is none on the new one.</summary>
    internal static async Task<CheckFinding?> OldIsVoidAsync(CheckContext context)
    {
        if (context.Option != 2
            || context.DestinationComesLater
            || context is not { Source.Connections: SetupConnections { Token: not null }, Destination: { } destination })
        {
            return null;
        }

        return (await Tokens.TestSessionAsync(destination, context.Source!, context.Operation).ConfigureAwait(false)).IsAccepted
            ? CheckFinding.Failed("OldTokenGood", context.Source!.Name, destination.Name)
            : CheckFinding.Passed("OldTokenVoid", context.Source!.Name, destination.Name);
    }

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
