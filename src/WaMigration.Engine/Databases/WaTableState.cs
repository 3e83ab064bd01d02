namespace WaMigration;

/// <summary>What came of a table.</summary>
public enum WaTableState
{
    /// <summary>All rows were copied, and nobody compared them.</summary>
    Copied,

    /// <summary>All rows were copied, and the digests of both sides are equal.</summary>
    Verified,

    /// <summary>The rows that differed were replaced, and the digests of both sides are equal.</summary>
    Updated,

    /// <summary>Nothing had to be moved: the digests of both sides are equal.</summary>
    Unchanged,

    /// <summary>The digests of both sides differ: a dump tool lost something, which an error names.</summary>
    Differs,

    /// <summary>Its rows stayed behind, as was asked.</summary>
    Excluded,
}
