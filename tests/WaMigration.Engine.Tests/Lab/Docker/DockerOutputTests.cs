using System.Formats.Tar;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Xunit;

namespace WaMigration.Engine.Tests.Lab.Docker;

public sealed class DockerOutputTests
{
    private static CancellationToken Cancellation => DockerProbe.Cancellation;

    [Fact]
    public async Task Logs_come_multiplexed_with_tail_and_times()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa");
        docker.Host.Containers.Find(id)!.Log.Write("second\nthird");
        Assert.Equal("started Coreapp\nsecond\nthird\n", await ReadAsync(docker, id, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }));
        Assert.Equal("third\n", await ReadAsync(docker, id, new ContainerLogsParameters { ShowStdout = true, Tail = "1" }));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z third\n$", await ReadAsync(docker, id, new ContainerLogsParameters { ShowStdout = true, Tail = "1", Timestamps = true }));
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => ReadAsync(docker, id, new ContainerLogsParameters()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Following_logs_ends_with_the_container()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa");
        var following = ReadAsync(docker, id, new ContainerLogsParameters { ShowStdout = true, Follow = true });
        docker.Host.Containers.Find(id)!.Log.Write("meanwhile");
        await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), Cancellation);
        Assert.Equal("started Coreapp\nmeanwhile\nstopped in good order\n", await following);
    }

    [Fact]
    public async Task A_file_comes_as_a_tar_and_outlives_a_restart()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("web", image: DockerProbe.Web);
        var before = await ReadFileAsync(docker, id, "/etc/lighttpd/server.pem");
        Assert.Equal(("server.pem", "PEM of " + id), before);
        await docker.Client.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), Cancellation);
        Assert.Equal(before, await ReadFileAsync(docker, id, "/etc/lighttpd/server.pem"));
        await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), Cancellation);
        Assert.Equal(before, await ReadFileAsync(docker, id, "/etc/lighttpd/server.pem"));
        Assert.Equal("lighttpd/server.pem", (await ReadFileAsync(docker, id, "/etc/lighttpd")).Name);
        var missing = await Assert.ThrowsAnyAsync<DockerApiException>(() => ReadFileAsync(docker, id, "/etc/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Pulling_shows_progress_or_fails()
    {
        await using var docker = await DockerProbe.StartAsync();
        foreach (var image in WaSimulator.DockerApi.DockerImage.Vendor("2.55.3", new DateOnly(2027, 5, 1), new Dictionary<string, string>()))
        {
            docker.Host.Images.AddToRegistry(image);
        }

        var messages = new List<JSONMessage>();
        await PullAsync(docker, "docker.whatsapp.biz/web", "v2.55.3", messages);
        Assert.Contains(messages, m => m.Status == "Status: Downloaded newer image for docker.whatsapp.biz/web:v2.55.3");
        var found = await docker.Client.Images.InspectImageAsync("docker.whatsapp.biz/web:v2.55.3", Cancellation);
        Assert.Equal("2027-05-01", found.Config.Labels["EXPIRES_ON"]);
        Assert.Equal(["docker.whatsapp.biz/web:v2.55.3"], found.RepoTags);
        var missing = await Assert.ThrowsAnyAsync<DockerApiException>(() => PullAsync(docker, "docker.whatsapp.biz/web", "v9", messages));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => docker.Client.Images.InspectImageAsync("nothing:v1", Cancellation));
    }

    [Fact]
    public async Task Images_are_listed_tagged_and_kept_while_used()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.Client.Images.TagImageAsync(DockerProbe.Web, new ImageTagParameters { RepositoryName = "mirror.example/web", Tag = "v2.53.1" }, Cancellation);
        var list = await docker.Client.Images.ListImagesAsync(new ImagesListParameters(), Cancellation);
        Assert.Contains(list, i => i.RepoTags.Contains("mirror.example/web:v2.53.1") && i.RepoTags.Contains(DockerProbe.Web));
        await docker.RunAsync("wa");
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Images.DeleteImageAsync(DockerProbe.Coreapp, new ImageDeleteParameters(), Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    private static Task PullAsync(DockerProbe docker, string name, string tag, List<JSONMessage> messages) =>
        docker.Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromImage = name, Tag = tag }, null, new Collector(messages), Cancellation);

    private static async Task<string> ReadAsync(DockerProbe docker, string id, ContainerLogsParameters parameters)
    {
        using var stream = await docker.Client.Containers.GetContainerLogsAsync(id, tty: false, parameters, Cancellation);
        var (output, _) = await stream.ReadOutputToEndAsync(Cancellation);
        return output;
    }

    private static async Task<(string Name, string Content)> ReadFileAsync(DockerProbe docker, string id, string path)
    {
        var answer = await docker.Client.Containers.GetArchiveFromContainerAsync(
            id, new GetArchiveFromContainerParameters { Path = path }, statOnly: false, Cancellation);
        await using var stream = answer.Stream;
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: true, Cancellation) is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var reader = new StreamReader(data);
                return (entry.Name, await reader.ReadToEndAsync(Cancellation));
            }
        }

        throw new InvalidDataException("The tar has no file.");
    }

    private sealed class Collector(List<JSONMessage> messages) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value)
        {
            lock (messages)
            {
                messages.Add(value);
            }
        }
    }
}
