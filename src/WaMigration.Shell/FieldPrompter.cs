using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace WaMigration.Shell;

/// <summary>Asks for the values of fields: the mandatory parameters that a command was not given.</summary>
internal sealed class FieldPrompter(ShellUI ui)
{
    private const char CommandMark = '!';

    /// <summary>Asks for each field; returns nothing where the person gave no answer.</summary>
    public Dictionary<string, PSObject> Ask(string? caption, string? message, Collection<FieldDescription> fields)
    {
        if (fields is not { Count: > 0 })
        {
            throw new ArgumentException(ShellText.PromptNoFields, nameof(fields));
        }

        ui.WriteHeading(caption, message);
        if (fields.Any(f => !string.IsNullOrEmpty(f.HelpMessage)))
        {
            ui.WriteLine(ShellText.PromptHelpHint);
        }

        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            if (AskField(field) is not { } answer)
            {
                answers.Clear();
                return answers;
            }

            answers.Add(field.Name, PSObject.AsPSObject(answer));
        }

        return answers;
    }

    private object? AskField(FieldDescription field)
    {
        var type = TypeOf(field);
        var isList = type.IsArray || (type != typeof(string) && typeof(IList).IsAssignableFrom(type));
        return isList
            ? AskList(field, type)
            : AskValue(field, type, ShellText.Format(ShellText.PromptField, field.Name), endsWithEmpty: false);
    }

    private object? AskList(FieldDescription field, Type type)
    {
        var element = type.GetElementType() ?? typeof(object);
        var values = new ArrayList();
        while (true)
        {
            var question = ShellText.Format(ShellText.PromptListField, field.Name, values.Count);
            switch (AskValue(field, element, question, endsWithEmpty: true))
            {
                case null:
                    return null;
                case EndOfList:
                    return LanguagePrimitives.TryConvertTo(values, type, CultureInfo.CurrentCulture, out var list) ? list : values;
                case var value:
                    values.Add(value);
                    break;
            }
        }
    }

    private object? AskValue(FieldDescription field, Type type, string question, bool endsWithEmpty)
    {
        if (type == typeof(SecureString))
        {
            var secret = ui.AskSecret(question);
            return endsWithEmpty && secret?.Length == 0 ? EndOfList.Instance : secret;
        }

        if (type == typeof(PSCredential))
        {
            ui.WriteLine(field.Name);
            var credential = ui.AskCredential(userName: null);
            return endsWithEmpty && credential?.Password.Length == 0 ? EndOfList.Instance : credential;
        }

        while (ui.Ask(question) is { } line)
        {
            if (endsWithEmpty && line.Length == 0)
            {
                return EndOfList.Instance;
            }

            if (Understand(field, line) is { } text && Convert(field, type, text) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Obeys the commands of the prompt; null where the line was one and no value.</summary>
    private string? Understand(FieldDescription field, string line)
    {
        if (line.Length == 0 || line[0] != CommandMark)
        {
            return line;
        }

        switch (line[1..].Trim())
        {
            case "?":
                ui.WriteLine(string.IsNullOrEmpty(field.HelpMessage)
                    ? ShellText.Format(ShellText.PromptNoHelp, field.Name)
                    : field.HelpMessage);
                return null;
            case "\"\"":
                return string.Empty;
            case ['!', ..]:
                return line[1..];
            default:
                ui.WriteErrorLine(ShellText.Format(ShellText.PromptUnknownCommand, line));
                return null;
        }
    }

    private object? Convert(FieldDescription field, Type type, string text)
    {
        try
        {
            return LanguagePrimitives.ConvertTo(text, type, CultureInfo.CurrentCulture);
        }
        catch (PSInvalidCastException e)
        {
            ui.WriteErrorLine(ShellText.Format(ShellText.PromptBadValue, field.ParameterTypeName, text, e.Message));
            return null;
        }
    }

    private static Type TypeOf(FieldDescription field) =>
        Type.GetType(field.ParameterAssemblyFullName, throwOnError: false)
        ?? (LanguagePrimitives.TryConvertTo<Type>(field.ParameterTypeFullName, out var type) ? type : typeof(string));

    private sealed class EndOfList
    {
        public static readonly EndOfList Instance = new();
    }
}
