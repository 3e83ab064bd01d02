using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Media.Archives;

/// <summary>An entry of an archive, and in which of its files the content is.</summary>
internal sealed record MediaArchiveItem(MediaEntry Entry, string File)
{
    private const int Octal = 8;

    internal JsonObject ToJson() => new()
    {
        ["name"] = Entry.Name,
        ["kind"] = Entry.Kind.ToString(),
        ["size"] = Entry.Size,
        ["mode"] = Convert.ToString(Entry.Mode, Octal),
        ["userId"] = Entry.UserId,
        ["groupId"] = Entry.GroupId,
        ["modifiedAt"] = DateTimeOffset.FromUnixTimeSeconds(Entry.ModifiedAt).ToString("O", CultureInfo.InvariantCulture),
        ["link"] = Entry.Link.Length == 0 ? null : Entry.Link,
        ["sha256"] = Entry.Sha256,
        ["file"] = File.Length == 0 ? null : File,
    };

    /// <summary>Null where something is missing.</summary>
    internal static MediaArchiveItem? From(JsonNode? node)
    {
        if (node is not JsonObject json
            || json.Text("name") is not { Length: > 0 } name
            || !Enum.TryParse<MediaKind>(json.Text("kind"), out var kind)
            || json["size"] is not JsonValue size || !size.TryGetValue<long>(out var bytes)
            || json["userId"] is not JsonValue user || !user.TryGetValue<long>(out var userId)
            || json["groupId"] is not JsonValue group || !group.TryGetValue<long>(out var groupId)
            || json.Text("mode") is not { Length: > 0 } mode || !mode.All(digit => digit is >= '0' and <= '7')
            || !DateTimeOffset.TryParseExact(json.Text("modifiedAt"), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var modifiedAt))
        {
            return null;
        }

        var entry = new MediaEntry
        {
            Name = name,
            Kind = kind,
            Size = bytes,
            Mode = Convert.ToInt32(mode, Octal),
            UserId = userId,
            GroupId = groupId,
            ModifiedAt = modifiedAt.ToUnixTimeSeconds(),
            Link = json.Text("link") ?? string.Empty,
            Sha256 = json.Text("sha256"),
        };
        var file = json.Text("file") ?? string.Empty;
        return (kind == MediaKind.File) == (file.Length > 0 && entry.Sha256 is not null) && !file.Split('/', '\\').Contains("..")
            ? new MediaArchiveItem(entry, file)
            : null;
    }
}
