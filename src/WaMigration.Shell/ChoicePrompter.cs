using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;

namespace WaMigration.Shell;

/// <summary>Asks for one or several of a number of choices, each with a letter and a help text.</summary>
internal sealed class ChoicePrompter(ShellUI ui)
{
    /// <summary>Asks until one is chosen.</summary>
    public int AskOne(string? caption, string? message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Check(choices, defaultChoice < 0 ? [] : [defaultChoice]);
        ui.WriteHeading(caption, message);
        var question = Line(choices, [defaultChoice], separator: " ") + (defaultChoice >= 0
            ? ShellText.Format(ShellText.ChoiceDefault, Letter(choices[defaultChoice]))
            : ": ");
        while (true)
        {
            var answer = Answer(question);
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (Find(choices, answer) is { } chosen)
            {
                return chosen;
            }
        }
    }

    /// <summary>Asks until an empty answer ends the selection.</summary>
    public Collection<int> AskSeveral(
        string? caption, string? message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaultChoices)
    {
        List<int> defaults = [.. defaultChoices ?? []];
        Check(choices, defaults);
        ui.WriteHeading(caption, message);
        ui.WriteLine(Line(choices, defaults, separator: Environment.NewLine));
        if (defaults.Count > 0)
        {
            ui.WriteLine(ShellText.Format(ShellText.ChoiceDefaults, string.Join(',', defaults.Select(d => Letter(choices[d])))));
        }

        var chosen = new Collection<int>();
        while (true)
        {
            var answer = Answer(ShellText.Format(ShellText.ChoiceNumber, chosen.Count));
            if (answer.Length == 0)
            {
                return chosen.Count == 0 ? new Collection<int>(defaults) : chosen;
            }

            if (Find(choices, answer) is { } one)
            {
                chosen.Add(one);
            }
        }
    }

    private string Answer(string question) => ui.Ask(question)?.Trim()
        ?? throw new PromptingException(
            ShellText.PromptCanceled, null, "PromptForChoiceCanceled", ErrorCategory.OperationStopped);

    private int? Find(Collection<ChoiceDescription> choices, string answer)
    {
        if (answer == "?")
        {
            ShowHelp(choices);
            return null;
        }

        for (var i = 0; i < choices.Count; i++)
        {
            if (answer.Length > 0
                && (answer.Equals(HotKey(choices[i]), StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(Plain(choices[i]), StringComparison.OrdinalIgnoreCase)))
            {
                return i;
            }
        }

        return null;
    }

    private void ShowHelp(Collection<ChoiceDescription> choices)
    {
        foreach (var choice in choices)
        {
            ui.WriteLine($"{Letter(choice)} - {choice.HelpMessage}");
        }
    }

    private string Line(Collection<ChoiceDescription> choices, List<int> defaults, string separator)
    {
        var line = new StringBuilder();
        for (var i = 0; i < choices.Count; i++)
        {
            var label = $"[{HotKey(choices[i])}] {Plain(choices[i])}";
            line.Append(defaults.Contains(i) ? ui.Emphasised(label) : label).Append(separator == " " ? "  " : separator);
        }

        return line.Append(ShellText.ChoiceHelp).ToString();
    }

    private static void Check(Collection<ChoiceDescription> choices, List<int> defaults)
    {
        if (choices is not { Count: > 0 })
        {
            throw new ArgumentException(ShellText.NoChoices, nameof(choices));
        }

        foreach (var choice in defaults.Where(d => d < 0 || d >= choices.Count))
        {
            throw new ArgumentOutOfRangeException(nameof(defaults), ShellText.Format(ShellText.BadDefaultChoice, choice));
        }
    }

    private static string Letter(ChoiceDescription choice) =>
        HotKey(choice) is { Length: > 0 } key ? key : Plain(choice);

    /// <summary>The letter behind the ampersand.</summary>
    private static string HotKey(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length
            ? choice.Label[mark + 1].ToString().ToUpper(System.Globalization.CultureInfo.CurrentCulture)
            : string.Empty;
    }

    private static string Plain(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return (mark < 0 ? choice.Label : choice.Label.Remove(mark, 1)).Trim();
    }
}
