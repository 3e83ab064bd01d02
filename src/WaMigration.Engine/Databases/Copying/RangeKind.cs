namespace WaMigration.Databases.Copying;

/// <summary>How the rows of a table can be cut into ranges of its key.</summary>
internal enum RangeKind
{
    /// <summary>Not at all: by the hash of the row.</summary>
    None,

    /// <summary>The key begins with a whole number.</summary>
    Number,

    /// <summary>The key begins with something that is in the same order everywhere; bounds come from a sample.</summary>
    Sampled,
}
