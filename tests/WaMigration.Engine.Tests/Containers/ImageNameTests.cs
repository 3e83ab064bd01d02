using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("docker.whatsapp.biz/coreapp:v2.53.1", "docker.whatsapp.biz/coreapp", "v2.53.1", "coreapp", "2.53.1")]
    [InlineData("mirror.example:5000/wa/web:v2.41.2", "mirror.example:5000/wa/web", "v2.41.2", "web", "2.41.2")]
    [InlineData("mirror.example:5000/web", "mirror.example:5000/web", "latest", "web", "")]
    [InlineData("postgres:13.8", "postgres", "13.8", "postgres", "13.8")]
    [InlineData("web@sha256:abc", "web", "sha256:abc", "web", "")]
    [InlineData("web:v2.53.1@sha256:abc", "web", "v2.53.1", "web", "2.53.1")]
    [InlineData("coreapp:current", "coreapp", "current", "coreapp", "")]
    public void Names_are_taken_apart(string image, string name, string tag, string repository, string version)
    {
        Assert.Equal((name, tag), ImageName.Split(image));
        Assert.Equal(repository, ImageName.Repository(image));
        Assert.Equal(version, ImageName.Version(image));
    }

    [Fact]
    public void Secrets_go_as_a_whole_in_every_spelling()
    {
        var filter = SecretFilter.For(new ContainerDefinition
        {
            Name = "x",
            Image = "y",
            Environment = ["WA_DB_PASSWORD=p@ss", "WA_SECRET=p@ss-and-more", "WA_API_KEY=", "WA_DB_USERNAME=wa"],
        });

        Assert.Equal("wa ********, ********, ********.", filter.Clean("wa p@ss, p@ss-and-more, p%40ss."));
    }
}
