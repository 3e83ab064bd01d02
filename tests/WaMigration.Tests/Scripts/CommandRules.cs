using System.Management.Automation;
using System.Management.Automation.Language;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Scripts;

/// <summary>What may be called in scripts and in the examples of the help, and with which parameters.</summary>
internal static class CommandRules
{
    /// <summary>Programs that scripts may start.</summary>
    private static readonly string[] Programs = ["dotnet"];

    /// <summary>Parameters of core commands that Windows PowerShell does not have.</summary>
    private static readonly string[] NewParameters =
    [
        "ForEach-Object -Parallel", "ForEach-Object -ThrottleLimit", "ForEach-Object -TimeoutSeconds", "ForEach-Object -AsJob",
        "ForEach-Object -UseNewRunspace", "Where-Object -Not", "Get-Command -UseFuzzyMatching", "Get-Command -UseAbbreviationExpansion",
        "Import-Module -SkipEditionCheck", "Import-Module -UseWindowsPowerShell", "Get-Module -SkipEditionCheck", "Get-Help -Fuzzy",
    ];

    /// <summary>Calls of unknown commands, of aliases, and with parameters that the command does not have.</summary>
    /// <param name="session">Has the module.</param>
    /// <param name="tree">The script.</param>
    /// <param name="others">Commands that are known beside the engine's and the module's.</param>
    internal static IEnumerable<string> Problems(PowerShellSession session, Ast tree, params string[] others)
    {
        var functions = tree.FindAll(node => node is FunctionDefinitionAst, searchNestedScriptBlocks: true)
            .Cast<FunctionDefinitionAst>()
            .Select(f => f.Name)
            .Concat(Programs)
            .Concat(others)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var command in tree.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            // A script block, or a path made at run time, has no name to check.
            if (command.GetCommandName() is not { } name || functions.Contains(name))
            {
                continue;
            }

            var found = session.Run("param($n) Get-Command -Name $n -ErrorAction SilentlyContinue", ("n", name)).Output is [var first, ..]
                ? first.BaseObject as CommandInfo
                : null;
            if (found is not CmdletInfo cmdlet)
            {
                yield return $"{(found is null ? "unknown" : found.CommandType)}: {RepositoryScripts.Place(command)}";
                continue;
            }

            foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>())
            {
                if (!cmdlet.Parameters.ContainsKey(parameter.ParameterName))
                {
                    yield return $"{name} has no -{parameter.ParameterName}: {RepositoryScripts.Place(command)}";
                }
                else if (NewParameters.Contains($"{name} -{parameter.ParameterName}", StringComparer.OrdinalIgnoreCase))
                {
                    yield return $"not in Windows PowerShell: {RepositoryScripts.Place(command)}";
                }
            }
        }
    }
}
