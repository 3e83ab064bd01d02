namespace WaMigration.Databases.Copying;

/// <summary>The key of a row, as the texts of its columns.</summary>
internal sealed class RowKey(string[] values) : IEquatable<RowKey>
{
    internal string[] Values { get; } = values;

    public bool Equals(RowKey? other) => other is not null && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as RowKey);

    public override int GetHashCode()
    {
        var hash = 17;
        foreach (var value in Values)
        {
            hash = unchecked((hash * 31) + StringComparer.Ordinal.GetHashCode(value));
        }

        return hash;
    }

    public override string ToString() => string.Join(", ", Values);
}
