namespace WaMigration.Databases.Copying;

/// <summary>What stands for the rows of a table or of a part: equal for equal rows, in whatever order.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sum">The sum of the rows' hashes, as decimal digits.</param>
internal sealed record TableDigest(long Rows, string Sum)
{
    internal static readonly TableDigest Empty = new(0, "0");

    /// <summary>The digest of both together.</summary>
    internal TableDigest Plus(TableDigest other) => new(
        Rows + other.Rows,
        (System.Numerics.BigInteger.Parse(Sum, System.Globalization.CultureInfo.InvariantCulture)
            + System.Numerics.BigInteger.Parse(other.Sum, System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
