using System.Text;

namespace WaMigration.Migrations;

/// <summary>
/// The exact lines to paste into a new session to go on: both setups connected again, then the runbook as it was
/// called. Secrets are asked for by the lines themselves.
/// </summary>
internal static class ContinuationCommand
{
    private const string SourceVariable = "$source";
    private const string DestinationVariable = "$destination";

    private static TextCatalog Text => MigrationText.Catalog;

    internal static string For(MigrationSnapshot migration)
    {
        var record = migration.Record;
        if (record.Undo is { } undo)
        {
            return undo.IsFinished ? Served(migration) : Back(migration);
        }

        var lines = new List<string>();
        if (record.IsCompleted)
        {
            if (record.Side == WaMigrationSide.Source || record.Destination is null)
            {
                return "Get-WaMigration -Path " + Quote(migration.Path);
            }

            lines.Add(Connect(DestinationVariable, Pinned(migration, record.Destination), notInstalled: false));
            lines.Add("Test-WaHealth -Setup " + DestinationVariable + " -Migration " + Quote(migration.Path));
            if (record is { Side: WaMigrationSide.Both, KeepsDatabases: false, Source: { } old } && migration.Now >= record.DatabasesMayGoAfter)
            {
                lines.Add(Connect(SourceVariable, old, notInstalled: true) + DatabaseOf(old));
                lines.Add("Remove-WaDatabase -Path " + Quote(migration.Path) + " -Source " + SourceVariable + " -Destination " + DestinationVariable);
            }

            return string.Join(Environment.NewLine, lines);
        }

        if (record.Side != WaMigrationSide.Destination && record.Source is { } source)
        {
            var isGone = migration.Has(migration.SourceName, JournalKinds.ClientRemoving);
            lines.Add(Connect(SourceVariable, source, isGone) + (isGone && GuideSteps.MovesDatabases(record.Option) ? DatabaseOf(source) : string.Empty));
        }

        if (record.Side != WaMigrationSide.Source && record.Destination is { } destination)
        {
            var isInstalled = migration.Has(migration.DestinationName, GuideSteps.MovesDatabases(record.Option) ? JournalKinds.ClientStarting : JournalKinds.Installed);
            lines.Add(Connect(DestinationVariable, Pinned(migration, destination), !isInstalled) + (isInstalled ? string.Empty : DatabaseOf(destination)));
        }

        if (record.State == WaMigrationState.AwaitingHandOver)
        {
            lines.Add(Text.Format("NextAfterHandOver", record.HandOverPath));
        }

        lines.Add(record.Runbook is { } runbook ? Call(runbook with { Arguments = [.. runbook.Arguments.Where(argument => !IsBehind(argument.Name, record))] }) : Start(migration));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>The lines that undo the migration, or go on with that.</summary>
    internal static string Back(MigrationSnapshot migration)
    {
        var record = migration.Record;
        var movesDatabases = GuideSteps.MovesDatabases(record.Option);
        var lines = new List<string>();
        if (record.Source is { } source)
        {
            var isGone = migration.Last(migration.SourceName, JournalKinds.ClientRemoving, JournalKinds.ClientRecreated) is { Kind: JournalKinds.ClientRemoving };
            lines.Add(Connect(SourceVariable, source with { CertificateThumbprints = migration.SourceThumbprints }, isGone) + (isGone && movesDatabases ? DatabaseOf(source) : string.Empty));
        }

        if (record.Destination is { } destination)
        {
            var isThere = migration.Last(migration.DestinationName, JournalKinds.Installed, JournalKinds.ClientRemoving) is { Kind: JournalKinds.Installed };
            lines.Add(Connect(DestinationVariable, Pinned(migration, destination), !isThere) + (movesDatabases && !isThere ? DatabaseOf(destination) : string.Empty));
        }

        lines.Add(record.Undo?.Runbook is { } runbook ? Call(runbook) : UndoCall(migration));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>What was asked of a run that has done it: the next one is to go on.</summary>
    private static bool IsBehind(string parameter, MigrationRecord record) => parameter switch
    {
        "PauseBefore" => record.State == WaMigrationState.Paused,
        "Rehearsal" => record.State == WaMigrationState.Planned,
        _ => false,
    };

    /// <summary>A value as PowerShell reads it back.</summary>
    internal static string Quote(string value) => "'" + value.Replace("'", "''") + "'";

    private static string Connect(string variable, SetupRecord setup, bool notInstalled)
    {
        var line = new StringBuilder(variable).Append(" = Connect-WaSetup -Name ").Append(Quote(setup.Name))
            .Append(" -ApiUri ").Append(Quote(setup.ApiUri.OriginalString));
        if (setup.UserName is { Length: > 0 } user)
        {
            line.Append(" -Credential ").Append(Quote(user));
        }

        AppendList(line, " -DockerHost ", setup.DockerHosts.Select(host => host.OriginalString));
        if (setup.DockerCertificatePath is { Length: > 0 } certificates)
        {
            line.Append(" -DockerCertificatePath ").Append(Quote(certificates));
        }

        AppendList(line, " -CertificateThumbprint ", setup.CertificateThumbprints);
        if (setup.SkipCertificateCheck)
        {
            line.Append(" -SkipCertificateCheck");
        }

        if (notInstalled)
        {
            line.Append(" -NotInstalled");
        }

        return line.ToString();
    }

    /// <summary>Of containers that do not run yet the database cannot be found out.</summary>
    private static string DatabaseOf(SetupRecord setup)
    {
        if (setup.Database is not { } database)
        {
            return string.Empty;
        }

        var line = new StringBuilder(" -DatabaseServer ").Append(Quote(database.Server)).Append(" -DatabasePort ").Append(database.Port);
        if (database.Engine != WaDatabaseEngine.Unknown)
        {
            line.Append(" -DatabaseEngine ").Append(database.Engine);
        }

        if (database.SslMode != WaSslMode.Prefer)
        {
            line.Append(" -DatabaseSslMode ").Append(database.SslMode);
        }

        if (database.NamePrefix.Length > 0)
        {
            line.Append(" -NamePrefix ").Append(Quote(database.NamePrefix));
        }

        return line.Append(" -DatabaseCredential ([pscredential]::new(").Append(Quote(database.UserName)).Append(", ").Append(Ask("DatabaseCredential")).Append("))").ToString();
    }

    /// <summary>Asks for a secret with what every edition and host has.</summary>
    private static string Ask(string name) =>
        "(& { $Host.UI.Write(" + Quote(Text.Format("PromptFor", name)) + "); $Host.UI.ReadLineAsSecureString() })";

    private static SetupRecord Pinned(MigrationSnapshot migration, SetupRecord destination) =>
        destination with { CertificateThumbprints = migration.DestinationThumbprints };

    private static string Call(RunbookCall runbook)
    {
        var line = new StringBuilder("& ").Append(Quote(runbook.Path));
        foreach (var argument in runbook.Arguments)
        {
            line.Append(" -").Append(argument.Name);
            switch (argument.Kind)
            {
                case RunbookArgumentKind.Switch:
                    if (argument.Value is { Length: > 0 } value)
                    {
                        line.Append(":$").Append(value);
                    }

                    break;
                case RunbookArgumentKind.Secret:
                    line.Append(' ').Append(Ask(argument.Name));
                    break;
                case RunbookArgumentKind.Source:
                    line.Append(' ').Append(SourceVariable);
                    break;
                case RunbookArgumentKind.Destination:
                    line.Append(' ').Append(DestinationVariable);
                    break;
                case RunbookArgumentKind.Expression:
                    line.Append(' ').Append(argument.Value);
                    break;
                case RunbookArgumentKind.Script:
                    line.Append(" {").Append(argument.Value).Append('}');
                    break;
                default:
                    line.Append(' ').Append(Quote(argument.Value ?? string.Empty));
                    break;
            }
        }

        return line.ToString();
    }

    /// <summary>What is known of the parameters of the runbook that goes back.</summary>
    private static string UndoCall(MigrationSnapshot migration)
    {
        var forward = migration.Record.Runbook?.Arguments ?? [];
        var line = new StringBuilder("& (Get-WaRunbook Undo-WaMigration).Path -Source ").Append(SourceVariable)
            .Append(" -Destination ").Append(DestinationVariable)
            .Append(" -Path ").Append(Quote(migration.Path))
            .Append(" -BackupPassword ").Append(Ask("BackupPassword"));
        if (migration.Has(migration.SourceName, JournalKinds.TwoStepDisabling))
        {
            line.Append(" -TwoStepPin ").Append(Ask("TwoStepPin"));
        }

        if (migration.CopyMayHaveServed)
        {
            line.Append(" -CarryBack");
        }

        return forward.FirstOrDefault(argument => argument.Name == "TestRecipient") is { Value: { Length: > 0 } recipient }
            ? line.Append(" -TestRecipient ").Append(Quote(recipient)).ToString()
            : line.Append(" -SkipTestMessage").ToString();
    }

    private static string Served(MigrationSnapshot migration) => migration.Record.Source is { } source
        ? Connect(SourceVariable, source with { CertificateThumbprints = migration.SourceThumbprints }, notInstalled: false)
            + Environment.NewLine
            + "Test-WaHealth -Setup " + SourceVariable
        : "Get-WaMigration -Path " + Quote(migration.Path);

    private static string Start(MigrationSnapshot migration)
    {
        var record = migration.Record;
        var line = new StringBuilder("$migration = Start-WaMigration -Path ").Append(Quote(migration.Path)).Append(" -Option ").Append(record.Option);
        if (record.Side != WaMigrationSide.Destination)
        {
            line.Append(" -Source ").Append(SourceVariable);
        }

        if (record.Side != WaMigrationSide.Source)
        {
            line.Append(" -Destination ").Append(DestinationVariable);
        }

        if (record.Side != WaMigrationSide.Both)
        {
            line.Append(" -Side ").Append(record.Side);
        }

        if (record.Steps.FirstOrDefault(step => !step.IsBehind) is { } next)
        {
            line.Append(' ').Append(Text.Format("NextManual", next.Number, next.Name));
        }

        return line.ToString();
    }

    private static void AppendList(StringBuilder line, string parameter, IEnumerable<string> values)
    {
        var list = string.Join(", ", values.Select(Quote));
        if (list.Length > 0)
        {
            line.Append(parameter).Append(list);
        }
    }
}
