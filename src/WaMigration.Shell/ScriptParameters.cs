using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaMigration.Shell;

/// <summary>The parameters that a script declares, as far as they decide how words of a command line are read.</summary>
internal sealed class ScriptParameters
{
    private readonly List<Parameter> _all = [];

    private ScriptParameters()
    {
    }

    /// <summary>Reads the parameter block of a script.</summary>
    public static ScriptParameters Of(string path)
    {
        var parameters = new ScriptParameters();
        var block = Read(path)?.ParamBlock;
        foreach (var ast in block?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            parameters._all.Add(Parameter.From(ast));
        }

        return parameters;
    }

    /// <summary>Whether a name, an alias or an unambiguous beginning of a name stands for a list.</summary>
    public bool IsList(string name) => Find(name)?.IsList == true;

    /// <summary>Whether the parameter is a switch: it takes the word after it only behind a colon.</summary>
    public bool IsSwitch(string name) => Find(name)?.Type == typeof(SwitchParameter);

    /// <summary>Whether the parameter wants true or false.</summary>
    public bool IsTruth(string name) =>
        Find(name) is { } found && (found.Type == typeof(bool) || found.Type == typeof(SwitchParameter));

    /// <summary>Whether the n-th value without a name stands for a list, where the named ones are given too.</summary>
    public bool IsListAt(int index, IReadOnlyCollection<string> named)
    {
        var taken = named.Select(Find).OfType<Parameter>().ToHashSet();
        var free = _all
            .Where(p => p.Type != typeof(SwitchParameter) && !taken.Contains(p))
            .ToList();
        var ordered = free.Any(p => p.Position is not null)
            ? free.Where(p => p.Position is not null).OrderBy(p => p.Position).ToList()
            : free;
        return index < ordered.Count && ordered[index] is { IsList: true, TakesRest: false };
    }

    private static ScriptBlockAst? Read(string path)
    {
        try
        {
            return Parser.ParseFile(path, out _, out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The engine says so, better than could be said here, when it runs the script.
            return null;
        }
    }

    private Parameter? Find(string name)
    {
        var exact = _all.Find(p => p.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (exact is not null)
        {
            return exact;
        }

        var beginning = _all
            .Where(p => p.Names.Any(n => n.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            .Take(2)
            .ToList();
        return beginning.Count == 1 ? beginning[0] : null;
    }

    private sealed record Parameter(IReadOnlyList<string> Names, Type Type, int? Position, bool TakesRest)
    {
        public bool IsList => Type.IsArray || (Type != typeof(string) && typeof(IList).IsAssignableFrom(Type));

        public static Parameter From(ParameterAst ast)
        {
            List<string> names = [ast.Name.VariablePath.UserPath];
            int? position = null;
            var takesRest = false;
            foreach (var attribute in ast.Attributes.OfType<AttributeAst>())
            {
                var type = attribute.TypeName.GetReflectionAttributeType();
                if (type == typeof(AliasAttribute))
                {
                    names.AddRange(attribute.PositionalArguments.OfType<StringConstantExpressionAst>().Select(a => a.Value));
                }
                else if (type == typeof(ParameterAttribute))
                {
                    position ??= Argument(attribute, nameof(ParameterAttribute.Position)) as int?;
                    takesRest |= Flag(attribute, nameof(ParameterAttribute.ValueFromRemainingArguments));
                }
            }

            return new Parameter(names, ast.StaticType, position, takesRest);
        }

        private static object? Argument(AttributeAst attribute, string name) => attribute.NamedArguments
            .Where(a => a.ArgumentName.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(a => (a.Argument as ConstantExpressionAst)?.Value)
            .FirstOrDefault();

        private static bool Flag(AttributeAst attribute, string name) => attribute.NamedArguments
            .Where(a => a.ArgumentName.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Any(a => a.ExpressionOmitted
                || (a.Argument is VariableExpressionAst variable
                    && variable.VariablePath.UserPath.Equals("true", StringComparison.OrdinalIgnoreCase)));
    }
}
