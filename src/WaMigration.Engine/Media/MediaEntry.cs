namespace WaMigration.Media;

/// <summary>What an entry is.</summary>
internal enum MediaKind
{
    File,
    Folder,
    Link,
}

/// <summary>One file, folder or link of a media volume. Times are whole seconds: Docker's archives know no more.</summary>
internal sealed record MediaEntry
{
    /// <summary>The name of the volume's own folder.</summary>
    internal const string Root = ".";

    /// <summary>From the volume's root, with slashes.</summary>
    public required string Name { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>Of a file its bytes, of a link those of where it leads.</summary>
    public long Size { get; init; }

    /// <summary>The permissions, without the kind.</summary>
    public int Mode { get; init; }

    public long UserId { get; init; }

    public long GroupId { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long ModifiedAt { get; init; }

    /// <summary>Where a link leads; empty where it was not read.</summary>
    public string Link { get; init; } = string.Empty;

    /// <summary>Lower-case hexadecimal; null where it was not taken.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether another one can stand for this one, by all that was read of both.</summary>
    internal bool IsAs(MediaEntry other) =>
        Kind == other.Kind
        && (Kind == MediaKind.Link || ModifiedAt == other.ModifiedAt)
        && UserId == other.UserId
        && GroupId == other.GroupId
        && (Kind == MediaKind.Link || Mode == other.Mode)
        && (Kind == MediaKind.Folder || Size == other.Size)
        && (Sha256 is null || other.Sha256 is null || Sha256 == other.Sha256);
}
