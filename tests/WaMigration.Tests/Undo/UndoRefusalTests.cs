using Npgsql;
using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Undo;

/// <summary>What an undo refuses, with the way out, before anything is touched.</summary>
public sealed class UndoRefusalTests
{
    [Fact]
    public async Task What_is_missing_is_said_before_the_new_client_is_touched()
    {
        await using var session = await UndoSession.StartAsync();
        session.Migrate();
        var serving = session.Lab.New.ContainerNames;
        session.Set("other", MigrationSession.Conceal("another password"));

        Assert.Equal(["SecretNeeded"], session.Run("& $undo -Source $old -Destination $new @back").ErrorIds);
        Assert.Equal(
            ["DefinitionsUnreadable"],
            session.Run("$wrong = $back.Clone(); $wrong.BackupPassword = $other; & $undo -Source $old -Destination $new @wrong -TwoStepPin $pin").ErrorIds);

        var definitions = Path.Combine(session.Folder, "source-client.enc");
        File.Move(definitions, definitions + ".away");
        var missing = session.Undo();
        Assert.Equal(["DefinitionsMissing"], missing.ErrorIds);
        Assert.Contains("-InstallAction", missing.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        File.Move(definitions + ".away", definitions);

        await DropOldDatabaseAsync(session.Lab);
        Assert.Equal(["OldDatabasesGone"], session.Undo().ErrorIds);

        Assert.Equal(serving, session.Lab.New.ContainerNames);
        Assert.Equal(
            "AwaitingRetention Destination",
            session.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.Equal(["MigrationNotFound"], session.Run("$back.Path += '-none'; & $undo -Source $old -Destination $new @back").ErrorIds);
    }

    private static async Task DropOldDatabaseAsync(Lab lab)
    {
        var database = (await lab.ListDatabasesAsync(lab.Old, TestContext.Current.CancellationToken))[0];
        var login = new NpgsqlConnectionStringBuilder
        {
            Host = lab.Old.DatabaseServer, Port = lab.Old.DatabasePort, Username = lab.Old.DatabaseUser, Password = lab.Old.DatabasePassword, Database = "postgres", Pooling = false,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var drop = new NpgsqlCommand($"drop database \"{database}\"", connection);
        await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
