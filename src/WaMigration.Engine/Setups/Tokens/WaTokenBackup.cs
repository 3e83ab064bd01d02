namespace WaMigration;

/// <summary>An API token in a file: what is readable of it without its password. The token itself is not shown.</summary>
/// <param name="Path">The file.</param>
/// <param name="Setup">The name of the setup that the token is of.</param>
/// <param name="UserName">The user that it belongs to; null where the token was given without it.</param>
/// <param name="ExpiresAt">When it ends; null where nothing tells.</param>
/// <param name="CreatedAt">When the file was made.</param>
/// <param name="Sha256">The file's content in one number.</param>
public sealed record WaTokenBackup(string Path, string Setup, string? UserName, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, string Sha256)
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}
