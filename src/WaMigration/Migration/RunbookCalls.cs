using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>Makes the record of a runbook's call from PowerShell's own. No secret gets into it.</summary>
internal static class RunbookCalls
{
    internal static RunbookCall From(InvocationInfo invocation, Func<string, string> resolve)
    {
        var path = (invocation.MyCommand as ExternalScriptInfo)?.Path ?? invocation.MyCommand?.Name ?? string.Empty;
        var arguments = invocation.BoundParameters
            .Where(parameter => parameter.Value is not null && !IsCommon(parameter.Key))
            .Select(parameter => Argument(parameter.Key, parameter.Value, resolve));
        return new RunbookCall(path, [.. arguments]);
    }

    private static RunbookArgument Argument(string name, object value, Func<string, string> resolve)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            WaSetup => new(name, name == "Source" ? RunbookArgumentKind.Source : RunbookArgumentKind.Destination),
            SecureString or PSCredential => new(name, RunbookArgumentKind.Secret),
            SwitchParameter given => new(name, RunbookArgumentKind.Switch, given.IsPresent ? null : "false"),
            bool given => new(name, RunbookArgumentKind.Switch, given ? "true" : "false"),
            ScriptBlock script => new(name, RunbookArgumentKind.Script, script.ToString()),
            Hashtable[] tables => new(name, RunbookArgumentKind.Expression, "@(" + string.Join(", ", tables.Select(Literal)) + ")"),
            //// A path is kept whole: the next session may stand in another folder.
            string text when name.EndsWith("Path", StringComparison.Ordinal) => new(name, RunbookArgumentKind.Text, resolve(text)),
            _ => new(name, RunbookArgumentKind.Text, Convert.ToString(plain, CultureInfo.InvariantCulture)),
        };
    }

    private static string Literal(Hashtable table) => "@{ " + string.Join(
        "; ",
        table.Cast<DictionaryEntry>().OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal)
            .Select(entry => entry.Key + " = '" + Convert.ToString(entry.Value, CultureInfo.InvariantCulture)!.Replace("'", "''") + "'")) + " }";

    private static bool IsCommon(string name) =>
        Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name);
}
