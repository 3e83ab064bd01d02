using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using WaMigration.Tests.Infrastructure;
using static WaMigration.Tests.Scripts.RepositoryScripts;

namespace WaMigration.Tests.Scripts;

/// <summary>
/// Scripts run in Windows PowerShell 5.1, in PowerShell 7, and in an engine without the Utility, Management and
/// Security modules. The parser here takes more than 5.1 does, so the rules look at the syntax tree.
/// </summary>
public sealed class ScriptRuleTests
{
    /// <summary>Variables that Windows PowerShell does not have.</summary>
    private static readonly string[] NewVariables = ["IsLinux", "IsWindows", "IsMacOS", "IsCoreCLR", "PSStyle", "EnabledExperimentalFeatures"];

    public static TheoryData<string> Scripts => [.. All];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_has_no_syntax_error(string script)
    {
        Parse(script, out var errors);

        Assert.Empty(errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}"));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_is_ASCII_without_trailing_blanks(string script)
    {
        Assert.All(File.ReadAllBytes(PathOf(script)), value => Assert.True(value < 128, $"byte {value}"));
        Assert.All(File.ReadAllLines(PathOf(script)), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_uses_no_syntax_that_Windows_PowerShell_lacks(string script) =>
        Assert.Empty(Nodes<Ast>(script).Where(IsNewSyntax).Select(Place));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_calls_known_commands_by_their_own_names_with_parameters_that_they_have(string script)
    {
        using var session = new PowerShellSession();

        var problems = CommandRules.Problems(session, Parse(script, out _)).ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_keeps_the_habits_that_analyzers_ask_for(string script)
    {
        var problems = new List<string>();
        problems.AddRange(Nodes<CommandAst>(script)
            .Where(c => c.GetCommandName() is "Write-Host" or "Invoke-Expression")
            .Select(Place));
        problems.AddRange(Nodes<CatchClauseAst>(script)
            .Where(c => c.Body.Statements.Count == 0)
            .Select(c => "empty catch, " + Place(c)));
        problems.AddRange(Nodes<BinaryExpressionAst>(script)
            .Where(e => e.Operator is TokenKind.Ieq or TokenKind.Ine or TokenKind.Ceq or TokenKind.Cne && IsNull(e.Right))
            .Select(e => "$null belongs on the left, " + Place(e)));
        problems.AddRange(Nodes<VariableExpressionAst>(script)
            .Where(v => v.VariablePath.IsGlobal || NewVariables.Contains(v.VariablePath.UserPath, StringComparer.OrdinalIgnoreCase))
            .Select(Place));
        problems.AddRange(Nodes<ParameterAst>(script)
            .Where(p => p.Name.VariablePath.UserPath.Contains("Password", StringComparison.OrdinalIgnoreCase) && p.StaticType == typeof(string))
            .Select(p => "a password is a SecureString, " + Place(p)));
        problems.AddRange(Nodes<ParamBlockAst>(script)
            .SelectMany(block => block.Parameters.Where(p => !IsUsed(block.Parent, p)))
            .Select(p => "never used, " + Place(p)));

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Functions_have_approved_verbs(string script) =>
        Assert.Subset(ApprovedVerbs(), Nodes<FunctionDefinitionAst>(script).Select(f => f.Name.Split('-')[0]).ToHashSet());

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_says_what_it_is_for_and_what_each_parameter_means(string script)
    {
        var tree = Parse(script, out _);
        var help = tree.GetHelpContent();

        Assert.False(string.IsNullOrWhiteSpace(help?.Synopsis), "no synopsis");
        Assert.NotEmpty(help.Examples);
        Assert.All(
            tree.ParamBlock?.Parameters.Select(p => p.Name.VariablePath.UserPath) ?? [],
            name => Assert.Contains(name.ToUpperInvariant(), help.Parameters.Keys));
    }

    [Fact]
    public void Cmdlets_have_approved_verbs()
    {
        using var session = new PowerShellSession();

        var verbs = session.Run("(Get-Module WaMigration).ExportedCmdlets.Values | ForEach-Object { $_.Verb }").MustSucceed().Output.Select(o => o.ToString());

        Assert.Subset(ApprovedVerbs(), verbs.ToHashSet());
    }

    [Theory]
    [InlineData("$a ?? $b")]
    [InlineData("$a ??= $b")]
    [InlineData("$a ? $b : $c")]
    [InlineData("a && b")]
    [InlineData("${a}?.b")]
    [InlineData("${a}?[0]")]
    [InlineData("a &")]
    [InlineData("function f { process { } clean { } }")]
    public void New_syntax_is_recognised(string text) =>
        Assert.Contains(Parser.ParseInput(text, out _, out _).FindAll(_ => true, searchNestedScriptBlocks: true), IsNewSyntax);

    private static bool IsNewSyntax(Ast node) => node switch
    {
        TernaryExpressionAst or PipelineChainAst => true,
        BinaryExpressionAst { Operator: TokenKind.QuestionQuestion } => true,
        AssignmentStatementAst { Operator: TokenKind.QuestionQuestionEquals } => true,
        MemberExpressionAst { NullConditional: true } => true,
        IndexExpressionAst { NullConditional: true } => true,
        PipelineAst { Background: true } => true,
        ScriptBlockAst { CleanBlock: not null } => true,
        _ => false,
    };

    private static bool IsNull(ExpressionAst expression) =>
        expression is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("null", StringComparison.OrdinalIgnoreCase);

    /// <summary>A use inside another function counts for that function alone, as the analyzers see it.</summary>
    private static bool IsUsed(Ast block, ParameterAst parameter)
    {
        var name = parameter.Name.VariablePath.UserPath;
        return block.FindAll(node => node is VariableExpressionAst use && use != parameter.Name, searchNestedScriptBlocks: true)
            .Cast<VariableExpressionAst>()
            .Any(use => (use.VariablePath.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase)
                    || use.VariablePath.UserPath is "PSBoundParameters" or "MyInvocation")
                && FunctionOf(use) == FunctionOf(block));
    }

    private static FunctionDefinitionAst? FunctionOf(Ast node)
    {
        var outer = node.Parent;
        while (outer is not (null or FunctionDefinitionAst))
        {
            outer = outer.Parent;
        }

        return outer as FunctionDefinitionAst;
    }

    private static HashSet<string> ApprovedVerbs() =>
        [.. new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!)];
}
