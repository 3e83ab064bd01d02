using System.Management.Automation.Language;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Scripts;

/// <summary>All scripts of the repository, by their path from its root.</summary>
internal static class RepositoryScripts
{
    private static readonly string[] Built = ["bin", "obj", "out", ".git"];

    internal static IEnumerable<string> All { get; } =
        [.. Directory.EnumerateFiles(ModuleUnderTest.RepositoryRoot, "*.ps1", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(ModuleUnderTest.RepositoryRoot, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(Built.Contains))
            .Order()];

    internal static string PathOf(string script) => Path.Combine(ModuleUnderTest.RepositoryRoot, script);

    internal static ScriptBlockAst Parse(string script, out ParseError[] errors) =>
        Parser.ParseFile(PathOf(script), out _, out errors);

    internal static IEnumerable<T> Nodes<T>(string script)
        where T : Ast =>
        Parse(script, out _).FindAll(node => node is T, searchNestedScriptBlocks: true).Cast<T>();

    /// <summary>Where a node is, for the message of a test.</summary>
    internal static string Place(Ast node) => $"line {node.Extent.StartLineNumber}: {node.Extent.Text.Split('\n')[0]}";
}
