namespace WaMigration.Databases.MySql;

/// <summary>Names of what a copy keeps in its target while it is under way.</summary>
internal static class MySqlNames
{
    internal const string Run = "_wamigration_run";

    internal const string Ledger = "_wamigration_ledger";

    /// <summary>Both, for LIKE.</summary>
    internal const string LedgerPattern = "\\_wamigration\\_%";
}
