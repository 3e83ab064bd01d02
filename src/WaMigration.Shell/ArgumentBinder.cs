using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>
/// Turns the words of a command line into the arguments of a script, as PowerShell's parser would read them.
/// The engine itself does the binding: it only must be told what is a name and what is a value.
/// </summary>
internal static class ArgumentBinder
{
    /// <summary>Reads the words in order.</summary>
    public static IReadOnlyList<CommandParameter> Bind(IReadOnlyList<string> words, ScriptParameters parameters)
    {
        var bound = new List<CommandParameter>();
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
            else if (!onlyValues && IsName(word))
            {
                waiting = AddName(bound, word, parameters);
            }
            else if (waiting is not null)
            {
                bound.Add(new CommandParameter(null, ValueOf(waiting, word, parameters)));
                waiting = null;
            }
            else
            {
                var list = parameters.IsListAt(position++, named);
                bound.Add(new CommandParameter(null, list ? Split(word) : word));
            }
        }

        return bound;
    }

    /// <summary>Adds a name; returns it where the next word is its value.</summary>
    private static string? AddName(List<CommandParameter> bound, string word, ScriptParameters parameters)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            // The dash stays: it makes the engine bind as its parser does, which knows switches from other parameters.
            bound.Add(new CommandParameter(word));
            return parameters.IsSwitch(word[1..]) ? null : word[1..];
        }

        var name = word[1..colon];
        if (colon == word.Length - 1)
        {
            bound.Add(new CommandParameter(word[..colon]));
            return name;
        }

        bound.Add(new CommandParameter(word[..colon], ValueOf(name, word[(colon + 1)..], parameters)));
        return null;
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

    private static bool IsName(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static List<string> NamesIn(IReadOnlyList<string> words) =>
        [.. words.TakeWhile(w => w != "--").Where(IsName).Select(w => w[1..].Split(':')[0])];
}
