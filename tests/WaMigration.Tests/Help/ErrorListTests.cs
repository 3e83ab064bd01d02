using System.Reflection;
using System.Text.RegularExpressions;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Module;

namespace WaMigration.Tests.Help;

/// <summary>Error ids are an interface: scripts look for them. Each has its texts and stands once.</summary>
public sealed partial class ErrorListTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    [Fact]
    public void Every_error_has_a_message_and_a_remedy()
    {
        foreach (var (field, kind) in Kinds())
        {
            var id = (string)Value(kind, "Id");
            var text = kind.GetType().GetField("text", Everything)!.GetValue(kind)!;
            foreach (var name in new[] { id, id + "_Remedy" })
            {
                var value = (string)text.GetType().GetProperty("Item", Everything)!.GetValue(text, [name])!;
                Assert.False(string.IsNullOrWhiteSpace(value), $"{Name(field)}: {name} is empty");
            }
        }
    }

    [Fact]
    public void Every_error_is_called_what_its_field_is_called_and_stands_once()
    {
        var kinds = Kinds();

        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.Equal(kind.Field.Name, Value(kind.Kind, "Id")));
        Assert.Empty(kinds.GroupBy(kind => Value(kind.Kind, "Id")).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void The_help_lists_exactly_the_errors_that_there_are()
    {
        using var session = new PowerShellSession();
        var about = session.Run("(Get-Help about_WaMigration_Errors).ToString()").Single().ToString();

        var listed = Heading().Matches(about).Select(match => match.Value.Trim()).Order(StringComparer.Ordinal);

        Assert.Equal(
            Kinds().Select(kind => $"{Value(kind.Kind, "Id")} ({Value(kind.Kind, "Category")})").Order(StringComparer.Ordinal),
            listed);
    }

    [GeneratedRegex(@"^    \w+ \(\w+\)\r?$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    /// <summary>All static fields of the engine that are kinds of errors; the engine lives in a context of its own.</summary>
    private static IReadOnlyList<(FieldInfo Field, object Kind)> Kinds()
    {
        using var session = Fixtures.Session();
        var engine = (Assembly)session.Run("Get-TestEngine").Single().BaseObject;
        var type = engine.GetType("WaMigration.WaErrorKind", throwOnError: true);
        return [.. engine.GetTypes()
            .SelectMany(t => t.GetFields(Everything | BindingFlags.DeclaredOnly))
            .Where(field => field.IsStatic && field.FieldType == type)
            .Select(field => (field, field.GetValue(null)!))];
    }

    private static object Value(object kind, string property) => kind.GetType().GetProperty(property, Everything)!.GetValue(kind)!;

    private static string Name(FieldInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";
}
