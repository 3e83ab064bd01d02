using System.Globalization;
using System.Resources;

namespace WaMigration.Shell;

/// <summary>The texts that people read, from the resources.</summary>
internal static class ShellText
{
    private static readonly ResourceManager Resources =
        new("WaMigration.Shell.Resources.ShellText", typeof(ShellText).Assembly);

    public static string UnknownOption => Get(nameof(UnknownOption));

    public static string ScriptNotFound => Get(nameof(ScriptNotFound));

    public static string FileNeedsPath => Get(nameof(FileNeedsPath));

    public static string CommandNeedsText => Get(nameof(CommandNeedsText));

    public static string NothingAfterDash => Get(nameof(NothingAfterDash));

    public static string Help => Get(nameof(Help));

    public static string Version => Get(nameof(Version));

    public static string WarningLine => Get(nameof(WarningLine));

    public static string VerboseLine => Get(nameof(VerboseLine));

    public static string DebugLine => Get(nameof(DebugLine));

    public static string NotInteractive => Get(nameof(NotInteractive));

    public static string PromptField => Get(nameof(PromptField));

    public static string PromptListField => Get(nameof(PromptListField));

    public static string PromptHelpHint => Get(nameof(PromptHelpHint));

    public static string PromptNoHelp => Get(nameof(PromptNoHelp));

    public static string PromptUnknownCommand => Get(nameof(PromptUnknownCommand));

    public static string PromptBadValue => Get(nameof(PromptBadValue));

    public static string PromptNoFields => Get(nameof(PromptNoFields));

    public static string PromptCanceled => Get(nameof(PromptCanceled));

    public static string NoChoices => Get(nameof(NoChoices));

    public static string BadDefaultChoice => Get(nameof(BadDefaultChoice));

    public static string ChoiceHelp => Get(nameof(ChoiceHelp));

    public static string ChoiceDefault => Get(nameof(ChoiceDefault));

    public static string ChoiceDefaults => Get(nameof(ChoiceDefaults));

    public static string ChoiceNumber => Get(nameof(ChoiceNumber));

    public static string CredentialUser => Get(nameof(CredentialUser));

    public static string CredentialPassword => Get(nameof(CredentialPassword));

    public static string DefaultPrompt => Get(nameof(DefaultPrompt));

    public static string ContinuationPrompt => Get(nameof(ContinuationPrompt));

    public static string Welcome => Get(nameof(Welcome));

    public static string NotPossibleHere => Get(nameof(NotPossibleHere));

    /// <summary>Puts values into a text.</summary>
    public static string Format(string text, params object?[] values) =>
        string.Format(CultureInfo.CurrentCulture, text, values);

    private static string Get(string name) =>
        Resources.GetString(name, CultureInfo.CurrentUICulture) ?? name;
}
