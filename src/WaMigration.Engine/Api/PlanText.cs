namespace WaMigration.Api;

/// <summary>What -WhatIf says of calls that would change something.</summary>
internal static class PlanText
{
    private static readonly TextCatalog Text = new("WaMigration.Api.PlanText");

    internal static string Action(string name, params object?[] args) => Text.Format(name, args);
}
