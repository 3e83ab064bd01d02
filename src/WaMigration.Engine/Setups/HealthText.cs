namespace WaMigration.Setups;

/// <summary>Reasons why a client is not well, in words.</summary>
internal static class HealthText
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.HealthText");

    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
