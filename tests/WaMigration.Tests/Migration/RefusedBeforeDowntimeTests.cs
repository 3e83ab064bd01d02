using System.Text.RegularExpressions;
using WaLab;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>What would end badly in the downtime of Option 3 is refused before it, by name; on one lab from one mishap to the next.</summary>
public sealed partial class RefusedBeforeDowntimeTests
{
    [Fact]
    public async Task What_would_end_badly_is_refused_by_name_and_the_migration_goes_on_once_it_is_mended()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(3);
        var lab = migration.Lab;
        var old = lab.Old.ContainerNames;

        // New databases that carry the unfinished copy of another client.
        await LeaveLedgerOfAnotherAsync(migration, cancellation);
        var foreign = migration.Migrate();
        Assert.Equal(["ChecksFailed"], foreign.ErrorIds);
        Assert.Matches("CopyPossible: Unknown: .*another", foreign.Describe());
        await lab.ExecuteAsync(null, $"DROP DATABASE \"{lab.New.NamePrefix}messageStore\"", cancellation);

        // New containers that sign tokens with no key of the old client's.
        migration.Run("$null = Install-WaClient $new -Like $old -NoStart").MustSucceed();
        var keyless = migration.Migrate();
        Assert.Equal(["ContainerNameTaken"], keyless.ErrorIds);
        Assert.Contains("WA_WEB_JWT_CRYPTO_KEY", keyless.Describe(), StringComparison.Ordinal);
        var keys = migration.Migrate("-InstallAction { throw 'Never called' }");
        Assert.Equal(["ChecksFailed"], keys.ErrorIds);
        Assert.Contains("TokenKeys: Failed", keys.Describe(), StringComparison.Ordinal);
        Assert.Contains("-CarryKeys", keys.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Old.JwtKey, keyless.Describe() + keys.Describe(), StringComparison.Ordinal);
        await StillServesAsync(migration, old, cancellation);

        // Mended, and made ready; then the run waits two days.
        migration.Run("$null = Remove-WaClient $new -AllowUndelivered -Confirm:$false").MustSucceed();
        migration.Migrate("-PauseBefore 3").MustSucceed();
        Assert.NotEmpty(lab.New.ContainerNames);
        MakeCopiesOlder(migration);
        var stale = migration.Migrate("-SkipPreCopy");
        Assert.Equal(["ChecksFailed"], stale.ErrorIds);
        Assert.Contains("CopiedBeforehand: Failed", stale.Describe(), StringComparison.Ordinal);
        await StillServesAsync(migration, old, cancellation);

        // An archive that the old databases have gone beyond.
        migration.Migrate("-Transfer Archive -PauseBefore 5").MustSucceed();
        Assert.Empty(lab.Old.ContainerNames);
        await lab.ExecuteAsync(lab.Old.NamePrefix + "contactStore", "INSERT INTO contacts (wa_id, display_name, is_whatsapp_user, checked_at) VALUES ('15550009999', 'Late', true, 1)", cancellation);
        var behind = migration.Migrate("-Transfer Archive");
        Assert.Equal(["ArchiveBehindSource"], behind.ErrorIds);
        Assert.Contains("contactStore public.contacts", behind.Describe(), StringComparison.Ordinal);

        migration.Migrate().MustSucceed();
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
    }

    /// <summary>A copy that breaks off at an index which cannot be made over there.</summary>
    private static async Task LeaveLedgerOfAnotherAsync(DatabaseMigration migration, CancellationToken cancellation)
    {
        var lab = migration.Lab;
        var (from, to) = (lab.Old.NamePrefix + "other_", lab.New.NamePrefix);
        await lab.ExecuteAsync(null, $"CREATE DATABASE \"{from}messageStore\" OWNER \"{lab.Old.DatabaseUser}\"", cancellation);
        await lab.ExecuteAsync(
            from + "messageStore",
            $$"""
            CREATE FUNCTION here(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
              'BEGIN IF current_database() LIKE ''{{to}}%'' THEN RAISE ''not here''; END IF; RETURN v; END';
            CREATE TABLE messages (id int PRIMARY KEY);
            INSERT INTO messages SELECT generate_series(1, 100);
            CREATE INDEX by_place ON messages (here(id));
            ALTER TABLE messages OWNER TO "{{lab.Old.DatabaseUser}}";
            """,
            cancellation);
        var broken = migration.Run($$"""
            $there = @{ DatabaseEngine = $lab.DatabaseEngine; DatabaseServer = $lab.DatabaseServer; DatabasePort = $lab.DatabasePort; DatabaseCredential = [pscredential]::new($lab.OldDatabaseUser, $lab.OldDatabasePassword); NamePrefix = '{{from}}' }
            $null = Copy-WaDatabase @there -Destination $new
            """);
        Assert.NotEmpty(broken.Errors);
        await lab.ExecuteAsync(null, $"DROP DATABASE \"{from}messageStore\"", cancellation);
    }

    private static async Task StillServesAsync(DatabaseMigration migration, IReadOnlyList<string> containers, CancellationToken cancellation)
    {
        var lab = migration.Lab;
        Assert.Equal(containers, lab.Old.ContainerNames);
        Assert.Equal("Source", migration.Run("(Get-WaMigration $common.Path).ServedBy").Single().ToString());
        await lab.Old.WaitHealthyAsync(TimeSpan.FromSeconds(5), cancellation);
    }

    /// <summary>As if the copies in the journal had been made two days ago.</summary>
    private static void MakeCopiesOlder(DatabaseMigration migration)
    {
        var journal = Path.Combine(migration.Folder, "events.jsonl");
        File.WriteAllLines(journal, File.ReadAllLines(journal).Select(line => line.Contains("databases-copied", StringComparison.Ordinal)
            ? Time().Replace(line, found => DateTimeOffset.Parse(found.Value, System.Globalization.CultureInfo.InvariantCulture).AddDays(-2).ToString("O"), 1)
            : line));
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Time();
}
