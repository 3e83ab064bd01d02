namespace WaMigration.Setups;

/// <summary>What a cmdlet asks before it changes something.</summary>
internal static class ActionText
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.ActionText");

    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
