using System.Diagnostics;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.RealDocker;

public sealed class SimulatorImagesTests
{
    private static readonly DateOnly Expires = new(2025, 10, 23);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_look_like_the_vendors_and_run_what_they_are_given()
    {
        await using var hosts = await RealHosts.StartAsync(1);
        var engine = hosts.Engines[0];
        var images = await CreateAsync();
        var watch = Stopwatch.StartNew();
        await images.LoadAsync(engine.Api, Cancellation);
        RealHosts.Log($"loaded in {watch.ElapsedMilliseconds} ms");
        watch.Restart();
        await images.LoadAsync(engine.Api, Cancellation);
        Assert.True(watch.ElapsedMilliseconds < 1000, "A host that has the images is left alone.");

        var core = await engine.Api.GetAsync("images/docker.whatsapp.biz/coreapp:v2.53.1/json", Cancellation);
        Assert.Equal(images.Ids["docker.whatsapp.biz/coreapp:v2.53.1"], (string?)core["Id"]);
        Assert.Equal("2025-10-23", (string?)core["Config"]!["Labels"]!["EXPIRES_ON"]);
        Assert.Equal(["6250/tcp", "6251/tcp", "6252/tcp", "6253/tcp"], core["Config"]!["ExposedPorts"]!.AsObject().Select(port => port.Key).Order());
        Assert.Equal(["/usr/local/wamedia"], core["Config"]!["Volumes"]!.AsObject().Select(volume => volume.Key));
        var web = await engine.Api.GetAsync("images/docker.whatsapp.biz/web:v2.53.1/json", Cancellation);
        Assert.Equal(["443/tcp"], web["Config"]!["ExposedPorts"]!.AsObject().Select(port => port.Key));

        var (exit, output) = await RunAsync(engine, "docker.whatsapp.biz/web:v2.53.1", "cat /opt/whatsapp/image; /usr/share/dotnet/dotnet --list-runtimes");
        Assert.Equal(0, exit);
        Assert.Contains("web 2.53.1", output, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore.App 10.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_content_is_the_same_image()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();
        Assert.Equal(first.Ids.OrderBy(id => id.Key), second.Ids.OrderBy(id => id.Key));
        Assert.Equal(4, first.Ids.Values.Distinct().Count());
    }

    [Fact]
    public async Task Containers_reach_this_machine_and_look_up_names()
    {
        await using var hosts = await RealHosts.StartAsync(2);
        hosts.Names.Set("db", hosts.Network.Gateway);
        var images = await CreateAsync();
        await Task.WhenAll(hosts.Engines.Select(engine => images.LoadAsync(engine.Api, Cancellation)));
        foreach (var engine in hosts.Engines)
        {
            var (exit, output) = await RunAsync(
                engine,
                "docker.whatsapp.biz/coreapp:v2.53.1",
                $"ping -c 1 -W 2 db && ping -c 1 -W 2 {hosts.Engines[0].Name} && ping -c 1 -W 2 {hosts.Engines[1].Address}; ! nslookup nobody.example");
            Assert.True(exit == 0, output);
        }
    }

    private static async Task<SimulatorImages> CreateAsync() =>
        await Lab.LabServers.OrSkip(() => SimulatorImages.CreateAsync(
            [
                .. DockerImage.Vendor("2.53.1", Expires, new Dictionary<string, string> { ["WA_SIM_SCALE"] = "0.02" }),
                .. DockerImage.Vendor("2.51.2", Expires, new Dictionary<string, string>()),
            ],
            RealHosts.Log,
            Cancellation));

    private static async Task<(int Exit, string Output)> RunAsync(DockerEngine engine, string image, string command)
    {
        var body = new JsonObject { ["Image"] = image, ["Cmd"] = new JsonArray("sh", "-c", command) };
        var id = (string)(await engine.Api.PostAsync("containers/create", body, Cancellation))!["Id"]!;
        await engine.Api.PostAsync($"containers/{id}/start", null, Cancellation);
        var ended = await engine.Api.PostAsync($"containers/{id}/wait", null, Cancellation);
        return ((int)ended!["StatusCode"]!, await engine.Api.LogAsync(id, cancellationToken: Cancellation));
    }
}
