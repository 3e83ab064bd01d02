namespace WaMigration;

/// <summary>What moves databases.</summary>
public enum WaCopyMethod
{
    /// <summary>This module: fast, bounded in memory, goes on where it was cut, keeps every value.</summary>
    Module,

    /// <summary>The engine's own dump tools. What they lose is named by the comparison afterwards.</summary>
    Utility,
}
