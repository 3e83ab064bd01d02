using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Databases.Archives;

namespace WaMigration.Media.Archives;

/// <summary>What an archive writes of itself: the manifest at its end, a line for each file before.</summary>
internal static class MediaArchiveText
{
    private const string Format = "WaMigration.Media";
    private const int Version = 1;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>It ends with a hash over all its bytes.</summary>
    internal static byte[] Manifest(IEnumerable<MediaArchiveItem> items, DateTimeOffset now)
    {
        var text = new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["createdAt"] = now,
            ["entries"] = new JsonArray([.. items.OrderBy(item => item.Entry.Name, StringComparer.Ordinal).Select(item => (JsonNode)item.ToJson())]),
            ["mac"] = ArchiveFolder.EmptyMac,
        }.ToJsonString(Json);
        var mac = ArchiveFolder.MacOf(Encoding.UTF8.GetBytes(text), ArchiveFolder.EmptyMac);
        var at = text.LastIndexOf(ArchiveFolder.EmptyMac, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Substring(0, at) + mac + text.Substring(at + mac.Length));
    }

    /// <exception cref="WaException">MediaArchiveNotRecognised, MediaArchiveFormatNewer, MediaArchiveDamaged.</exception>
    internal static IReadOnlyList<MediaArchiveItem> Read(byte[] manifest, string path)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(manifest) as JsonObject;
        }
        catch (JsonException failure)
        {
            throw MediaErrors.MediaArchiveDamaged.Error(path, failure, [], MediaErrors.Phrase("DamagedManifest"));
        }

        if (json?.Text("format") != Format)
        {
            throw MediaErrors.MediaArchiveNotRecognised.Error(path);
        }

        if (json.Number("version") is { } version && version > Version)
        {
            throw MediaErrors.MediaArchiveFormatNewer.Error(path, version, Version);
        }

        var items = (json["entries"] as JsonArray ?? []).Select(MediaArchiveItem.From).ToList();
        return json.Text("mac") is { } mac && ArchiveFolder.MacOf(manifest, mac) == mac && !items.Contains(null)
            ? items.Select(item => item!).ToList()
            : throw MediaErrors.MediaArchiveDamaged.Error(path, null, [], MediaErrors.Phrase("DamagedManifest"));
    }

    internal static byte[] Line(MediaArchiveItem item, ArchiveCipher? cipher, int number)
    {
        var text = item.ToJson().ToJsonString();
        if (cipher is null)
        {
            return Encoding.UTF8.GetBytes(text + "\n");
        }

        using var content = new MemoryStream();
        using (var secret = new EncryptingStream(content, cipher, Context(number)))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            secret.Write(bytes, 0, bytes.Length);
            secret.End();
        }

        return Encoding.ASCII.GetBytes(Convert.ToBase64String(content.ToArray()) + "\n");
    }

    /// <summary>Null for a line that was cut: it is the last one then.</summary>
    internal static MediaArchiveItem? ReadLine(string line, ArchiveCipher? cipher, int number)
    {
        try
        {
            if (cipher is null)
            {
                return MediaArchiveItem.From(JsonNode.Parse(line));
            }

            using var content = new MemoryStream(Convert.FromBase64String(line));
            using var plain = new DecryptingStream(content, cipher, Context(number));
            using var reader = new StreamReader(plain, Encoding.UTF8);
            return MediaArchiveItem.From(JsonNode.Parse(reader.ReadToEnd()));
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidDataException)
        {
            return null;
        }
    }

    private static string Context(int number) => "progress/" + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
