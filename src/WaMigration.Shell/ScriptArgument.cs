namespace WaMigration.Shell;

/// <summary>One argument of a script: a name, a value, or a name tied to its value by a colon.</summary>
/// <param name="Name">The name with its dash and, where the value belongs to it, its colon; null for a value alone.</param>
/// <param name="HasValue">Whether there is a value, which may be null.</param>
/// <param name="Value">The value.</param>
internal sealed record ScriptArgument(string? Name, bool HasValue, object? Value)
{
    public static ScriptArgument OfName(string name) => new(name, HasValue: false, null);

    public static ScriptArgument OfValue(object? value) => new(null, HasValue: true, value);
}
