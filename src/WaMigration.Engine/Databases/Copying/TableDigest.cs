using System.Text.Json.Serialization;

namespace WaMigration.Databases.Copying;

/// <summary>
/// What stands for the rows of a table or of a part: equal for equal rows, in whatever order. A value, since a table that
/// is brought up to date has a hundred thousand of them.
/// </summary>
/// <param name="Rows">How many.</param>
/// <param name="Sum">The sum of the rows' hashes of 64 bits. There is room for those of 8 thousand million rows.</param>
[method: JsonConstructor]
internal readonly record struct TableDigest(
    long Rows,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] decimal Sum)
{
    internal static readonly TableDigest Empty = new(0, 0);

    /// <summary>The digest as text, for people.</summary>
    [JsonIgnore]
    internal string Text => Sum.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The digest of both together.</summary>
    internal TableDigest Plus(TableDigest other) => new(Rows + other.Rows, Sum + other.Sum);
}
