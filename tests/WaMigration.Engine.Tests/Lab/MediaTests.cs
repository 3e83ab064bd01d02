using System.Text.Json.Nodes;
using WaLab;
using WaLab.Setups;

namespace WaMigration.Engine.Tests.Lab;

/// <summary>Media of the simulated client: good only where both its row and its file are there.</summary>
public sealed class MediaTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Media_is_uploaded_sent_received_and_missing_without_its_file()
    {
        await using var lab = await LabServers.StartLabAsync(new LabOptions { Topology = new LabTopology(1, 2, 1), ProxyLinks = false });
        var api = lab.Old.Api;
        var folder = lab.Old.Engine.Volumes.All.Single(volume => volume.Name == lab.Old.MediaVolume).Folder;
        var content = new byte[70_000];
        new Random(1).NextBytes(content);

        var id = await api.UploadMediaAsync(content, "image/jpeg", Stop);
        Assert.Equal(content, await api.DownloadMediaAsync(id, Stop));
        var file = Path.Combine(folder, "outgoing", id);
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Stop));
        var image = new JsonObject { ["to"] = WaLab.Lab.TestContact, ["type"] = "image", ["image"] = new JsonObject { ["id"] = id } };
        Assert.NotNull((await api.CallAsync(HttpMethod.Post, "/v1/messages", image, Stop))!["messages"]);

        // Without its file the row is worth nothing.
        File.Delete(file);
        Assert.Equal(404, (await Assert.ThrowsAsync<LabApiException>(() => api.DownloadMediaAsync(id, Stop))).Status);
        await Assert.ThrowsAsync<LabApiException>(() => api.CallAsync(HttpMethod.Post, "/v1/messages", image, Stop));

        var second = await api.UploadMediaAsync(content, "image/jpeg", Stop);
        await api.CallAsync(HttpMethod.Delete, "/v1/media/" + second, cancellationToken: Stop);
        Assert.False(File.Exists(Path.Combine(folder, "outgoing", second)));
        await Assert.ThrowsAsync<LabApiException>(() => api.DownloadMediaAsync(second, Stop));

        // What people send is downloaded by itself, of the kinds that the settings name.
        await lab.Service.SendInboundMediaAsync(lab.Number, WaLab.Lab.TestContact, "image", "image/png", content[..1000], Stop);
        var received = await ReceivedAsync(lab, "image");
        Assert.Equal(content[..1000], await api.DownloadMediaAsync(received!, Stop));
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "incoming")));
        await api.CallAsync(HttpMethod.Patch, "/v1/settings/application", new JsonObject { ["media"] = new JsonObject { ["auto_download"] = new JsonArray("image") } }, Stop);
        await Task.Delay(200, Stop);
        await lab.Service.SendInboundMediaAsync(lab.Number, WaLab.Lab.TestContact, "video", "video/mp4", content, Stop);
        Assert.Null(await ReceivedAsync(lab, "video"));
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "incoming")));
    }

    /// <summary>The id in the callback; null where there is none.</summary>
    private static async Task<string?> ReceivedAsync(WaLab.Lab lab, string type)
    {
        var call = await lab.Webhook.WaitForAsync(call => (string?)call.Body["messages"]?[0]?["type"] == type, TimeSpan.FromSeconds(30), Stop);
        return (string?)call.Body["messages"]![0]![type]!["id"];
    }
}
