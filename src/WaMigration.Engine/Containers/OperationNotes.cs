namespace WaMigration.Containers;

/// <summary>Writes into the journal of a setup, unless the operation only plans.</summary>
internal static class OperationNotes
{
    internal static void Note(this Operation operation, WaSetup setup, string kind, params (string Name, string Value)[] values)
    {
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(kind, setup.Name, values);
        }
    }
}
