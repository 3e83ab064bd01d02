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
        var lines = new List<string>();
        if (record.IsCompleted)
        {
            if (record.Side == WaMigrationSide.Source || record.Destination is null)
            {
                return "Get-WaMigration -Path " + Quote(migration.Path);
            }

            lines.Add(Connect(DestinationVariable, Pinned(migration, record.Destination), notInstalled: false));
            lines.Add("Test-WaHealth -Setup " + DestinationVariable);
            return string.Join(Environment.NewLine, lines);
        }

        if (record.Side != WaMigrationSide.Destination && record.Source is { } source)
        {
            lines.Add(Connect(SourceVariable, source, migration.Has(migration.SourceName, JournalKinds.ClientRemoving)));
        }

        if (record.Side != WaMigrationSide.Source && record.Destination is { } destination)
        {
            lines.Add(Connect(DestinationVariable, Pinned(migration, destination), !migration.Has(migration.DestinationName, JournalKinds.Installed)));
        }

        if (record.State == WaMigrationState.AwaitingHandOver)
        {
            lines.Add(Text.Format("NextAfterHandOver", record.HandOverPath));
        }

        lines.Add(record.Runbook is { } runbook ? Call(runbook) : Start(migration));
        return string.Join(Environment.NewLine, lines);
    }

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
        AppendList(line, " -CertificateThumbprint ", setup.CertificateThumbprints);
        if (notInstalled)
        {
            line.Append(" -NotInstalled");
        }

        return line.ToString();
    }

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
                    line.Append(" (& { $Host.UI.Write(").Append(Quote(Text.Format("PromptFor", argument.Name))).Append("); $Host.UI.ReadLineAsSecureString() })");
                    break;
                case RunbookArgumentKind.Source:
                    line.Append(' ').Append(SourceVariable);
                    break;
                case RunbookArgumentKind.Destination:
                    line.Append(' ').Append(DestinationVariable);
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
