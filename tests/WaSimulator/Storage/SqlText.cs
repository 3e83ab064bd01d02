namespace WaSimulator.Storage;

/// <summary>SQL that all engines share.</summary>
internal static class SqlText
{
    /// <summary>Inserts a row whose columns are parameters of the same names.</summary>
    public static string Insert(string table, IEnumerable<string> columns)
    {
        var names = columns.ToList();
        return $"insert into {table} ({string.Join(", ", names)}) values ({string.Join(", ", names.Select(name => "@" + name))})";
    }
}
