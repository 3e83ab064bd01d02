using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WaLab.Setups;

namespace WaLab.Playground;

/// <summary>Media by their ids, through the API of a playground's clients: uploaded to the old one, asked of the new one.</summary>
internal static class PlaygroundMedia
{
    private const int Bytes = 100_000;

    public static async Task<JsonObject> UploadAsync(Lab lab, CancellationToken cancellationToken)
    {
        var content = RandomNumberGenerator.GetBytes(Bytes);
        var id = await lab.Old.Api.UploadMediaAsync(content, "image/png", cancellationToken);
        return Answer(id, 201, content);
    }

    /// <summary>What GET /v1/media answers on the new side: the status, and the hash of what came.</summary>
    public static async Task<JsonObject> LookAsync(Lab lab, string id, CancellationToken cancellationToken)
    {
        await LogInAsync(lab, cancellationToken);
        try
        {
            return Answer(id, 200, await lab.New.Api.DownloadMediaAsync(id, cancellationToken));
        }
        catch (LabApiException refused)
        {
            return Answer(id, refused.Status, []);
        }
    }

    /// <summary>With waweb carried, the old password counts; else the one that the new setup was given.</summary>
    private static async Task LogInAsync(Lab lab, CancellationToken cancellationToken)
    {
        try
        {
            await lab.New.Api.LoginAsync(lab.New.NewPassword, newPassword: null, cancellationToken);
        }
        catch (LabApiException refused) when (refused.Status == 401)
        {
            await lab.New.Api.LoginAsync(lab.Old.Password, newPassword: null, cancellationToken);
        }
    }

    private static JsonObject Answer(string id, int status, byte[] content) => new()
    {
        ["id"] = id,
        ["status"] = status,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
    };
}
