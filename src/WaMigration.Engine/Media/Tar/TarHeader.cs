namespace WaMigration.Media.Tar;

/// <summary>One entry of a tar archive.</summary>
internal sealed record TarHeader
{
    internal const char File = '0';
    internal const char HardLink = '1';
    internal const char SymbolicLink = '2';
    internal const char Folder = '5';

    public required string Name { get; init; }

    public required char Type { get; init; }

    public long Size { get; init; }

    public int Mode { get; init; }

    public long UserId { get; init; }

    public long GroupId { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long ModifiedAt { get; init; }

    public string LinkName { get; init; } = string.Empty;
}
