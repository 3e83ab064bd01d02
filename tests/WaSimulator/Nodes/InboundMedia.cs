using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace WaSimulator.Nodes;

/// <summary>What people send with their messages: downloaded by itself where the settings say so.</summary>
internal sealed class InboundMedia(CoreContext core, NodeState state)
{
    /// <summary>Fetches the media of a message; the message then names it by id. Its content goes no further.</summary>
    /// <returns>What is to be stored once the message is; null where nothing was fetched.</returns>
    public async Task<Func<Task>?> FetchAsync(JsonNode message, CancellationToken cancellationToken)
    {
        var type = (string)message["type"]!;
        if (!MediaHandlers.IsKind(type) || message[type] is not JsonObject part || (string?)part["data"] is not { } data)
        {
            return null;
        }

        part.Remove("data");
        if (!state.Settings.Downloads(type))
        {
            return null;
        }

        // Made of the message's id, so that a message that comes again has the same media.
        var messageId = (string)message["id"]!;
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16)).ToString();
        var content = Convert.FromBase64String(data);
        var path = MediaFiles.PathOf(id, inbound: true);
        await core.Files.WriteAsync(path, content, cancellationToken);
        part["id"] = id;
        part["file"] = path;
        var mimeType = (string?)part["mime_type"] ?? "application/octet-stream";
        return () => core.Media.AddAsync(id, messageId, path, mimeType, content.Length, cancellationToken);
    }
}
