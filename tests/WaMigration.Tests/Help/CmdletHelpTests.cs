using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Scripts;

namespace WaMigration.Tests.Help;

/// <summary>The help, as Get-Help shows it: complete, and true.</summary>
public sealed class CmdletHelpTests
{
    private const string Overview = "Get-Secret";

    [Fact]
    public void Every_cmdlet_says_in_a_sentence_what_it_does_and_describes_it()
    {
        using var session = new PowerShellSession();

        foreach (var (cmdlet, help) in All(session))
        {
            Assert.True(Text(help, "Synopsis") is [.., '.'] synopsis && !synopsis.Contains('\n', StringComparison.Ordinal), $"{cmdlet.Name} has no synopsis.");
            Assert.True(Text(help, "description").Length > 40, $"{cmdlet.Name} has no description.");
            Assert.True(Items(help, "returnValues", "returnValue").Any(), $"{cmdlet.Name} does not say what it gives.");
        }
    }

    [Fact]
    public void Every_parameter_is_described_and_no_other()
    {
        using var session = new PowerShellSession();

        foreach (var (cmdlet, help) in All(session))
        {
            var described = Items(help, "parameters", "parameter")
                .ToDictionary(p => Text(p, "name"), p => Text(p, "description"));
            Assert.Equal(
                cmdlet.Parameters.Keys.Except(Cmdlet.CommonParameters).Order(),
                described.Keys.Order());
            Assert.All(described, p => Assert.True(p.Value is [.., '.' or '~' or ')' or '}'], $"{cmdlet.Name} -{p.Key}: {p.Value}"));
        }
    }

    [Fact]
    public void The_syntax_has_every_set_of_parameters()
    {
        using var session = new PowerShellSession();

        foreach (var (cmdlet, help) in All(session))
        {
            var shown = Items(help, "syntax", "syntaxItem").Count();
            Assert.True(shown == cmdlet.ParameterSets.Count, $"{cmdlet.Name} has {cmdlet.ParameterSets.Count} sets; the help shows {shown}.");
        }
    }

    [Fact]
    public void Every_example_parses_shows_its_cmdlet_and_uses_only_parameters_that_exist()
    {
        using var session = new PowerShellSession();
        var problems = new List<string>();

        foreach (var (cmdlet, help) in All(session))
        {
            var examples = Items(help, "examples", "example").ToList();
            Assert.NotEmpty(examples);
            foreach (var example in examples)
            {
                var code = Text(example, "code");
                var tree = Parser.ParseInput(code, out _, out var errors);
                problems.AddRange(errors.Select(error => $"{cmdlet.Name}: {error.Message}: {code}"));
                problems.AddRange(CommandRules.Problems(session, tree, Overview).Select(problem => $"{cmdlet.Name}: {problem}"));
                if (!code.Contains(cmdlet.Name, StringComparison.Ordinal))
                {
                    problems.Add($"{cmdlet.Name} is not in its example: {code}");
                }

                if (Text(example, "remarks").Length == 0)
                {
                    problems.Add($"{cmdlet.Name}: nothing is said of {code}");
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static IEnumerable<(CmdletInfo Cmdlet, PSObject Help)> All(PowerShellSession session)
    {
        foreach (var cmdlet in session.Run("(Get-Module WaMigration).ExportedCmdlets.Values").MustSucceed().Output.Select(o => (CmdletInfo)o.BaseObject))
        {
            yield return (cmdlet, session.Run("param($n) Get-Help $n -Full", ("n", cmdlet.Name)).Single());
        }
    }

    private static IEnumerable<PSObject> Items(PSObject help, string list, string item) =>
        help.Properties[list]?.Value is PSObject holder && holder.Properties[item]?.Value is { } value
            ? (value is PSObject { BaseObject: IEnumerable and not string and var many } ? many : value as IEnumerable ?? new[] { value })
                .Cast<object>()
                .Select(PSObject.AsPSObject)
            : [];

    /// <summary>A string, or the paragraphs of a text.</summary>
    private static string Text(PSObject help, string property) => help.Properties[property]?.Value switch
    {
        null => string.Empty,
        string text => text.Trim(),
        PSObject[] paragraphs => string.Join(' ', paragraphs.Select(p => p.Properties["Text"]?.Value)).Trim(),
        PSObject { BaseObject: string text } => text.Trim(),
        var other => other.ToString()!.Trim(),
    };
}
