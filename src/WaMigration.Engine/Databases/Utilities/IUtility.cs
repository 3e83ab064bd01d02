namespace WaMigration.Databases.Utilities;

/// <summary>The dump tools of an engine, for one server.</summary>
internal interface IUtility
{
    /// <summary>What writes a database out.</summary>
    UtilityProgram Dumper { get; }

    /// <summary>What takes it in.</summary>
    UtilityProgram Restorer { get; }

    /// <summary>What is restored again replaces what an interrupted run left.</summary>
    bool Replaces { get; }

    UtilityCall Dump(string database);

    UtilityCall Restore(string database);
}
