using System.Text.RegularExpressions;

namespace WaMigration.Shell;

/// <summary>
/// Turns the words of a command line into the arguments of a script, as PowerShell's parser would read them.
/// The engine itself does the binding: it only must be told what is a name and what is a value.
/// </summary>
internal static partial class ArgumentBinder
{
    /// <summary>Reads the words in order.</summary>
    public static IReadOnlyList<ScriptArgument> Bind(IReadOnlyList<string> words, ScriptParameters parameters)
    {
        var arguments = new List<ScriptArgument>();
        var named = NamesIn(words);
        var position = 0;
        string? waiting = null;
        var onlyValues = false;
        foreach (var word in words)
        {
            if (!onlyValues && word == "--")
            {
                onlyValues = true;
            }
            else if (!onlyValues && NameOf(word) is { } name)
            {
                waiting = AddName(arguments, name, word, parameters);
            }
            else if (waiting is not null)
            {
                arguments.Add(ScriptArgument.OfValue(ValueOf(waiting, word, parameters)));
                waiting = null;
            }
            else
            {
                var list = parameters.IsListAt(position++, named);
                arguments.Add(ScriptArgument.OfValue(list ? Split(word) : word));
            }
        }

        return arguments;
    }

    /// <summary>Adds a name; returns it where the next word is its value.</summary>
    private static string? AddName(
        List<ScriptArgument> arguments, string name, string word, ScriptParameters parameters)
    {
        var rest = word[(name.Length + 1)..];
        if (rest.Length > 1)
        {
            // The colon alone gives a switch its value.
            arguments.Add(new ScriptArgument($"-{name}:", HasValue: true, ValueOf(name, rest[1..], parameters)));
            return null;
        }

        arguments.Add(ScriptArgument.OfName("-" + name + rest));
        return rest.Length == 0 && parameters.IsSwitch(name) ? null : name;
    }

    private static object? ValueOf(string name, string word, ScriptParameters parameters)
    {
        switch (word.ToUpperInvariant())
        {
            case "$TRUE":
                return true;
            case "$FALSE":
                return false;
            case "$NULL":
                return null;
        }

        if (parameters.IsTruth(name) && bool.TryParse(word, out var truth))
        {
            return truth;
        }

        return parameters.IsList(name) ? Split(word) : word;
    }

    // A comma makes a list only where the script declares one: in a text it is part of the text,
    // since the quotes that would say so are gone when a process reads its arguments.
    private static object Split(string word) =>
        word.Contains(',', StringComparison.Ordinal) ? word.Split(',').Cast<object>().ToArray() : word;

    /// <summary>The name that a word begins with; null where it is a value, such as a negative number.</summary>
    private static string? NameOf(string word) => NamePattern().Match(word) is { Success: true } match
        ? match.Groups["name"].Value
        : null;

    private static List<string> NamesIn(IReadOnlyList<string> words) =>
        [.. words.TakeWhile(w => w != "--").Select(NameOf).OfType<string>()];

    [GeneratedRegex(@"^-(?<name>[\p{L}_?][\p{L}\p{Nd}_?-]*)(:|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern();
}
