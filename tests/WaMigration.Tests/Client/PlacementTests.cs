using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Client;

/// <summary>How a client is spread over Docker hosts is checked before any of them is asked.</summary>
public sealed class PlacementTests
{
    private const string Install = "Install-WaClient $new -Masters 2 -Coreapps 2 -Webapps 2 -ClientVersion 2.53.1";

    private const string Describe = """
        $new = Connect-WaSetup -NotInstalled -Name new -ApiUri https://127.0.0.1:9090 -DockerHost tcp://one.invalid:2375, unix:///nowhere/two.sock `
            -DatabaseEngine PostgreSql -DatabaseServer 127.0.0.1 -DatabaseCredential ([pscredential]::new('wa', [securestring]::new()))
        """;

    [Theory]
    [InlineData("", "PlacementMissing", "tcp://one.invalid")]
    [InlineData("@{ DockerHost = 'tcp://three.invalid:2375' }", "PlacementImpossible", "tcp://three.invalid")]
    [InlineData("@{ HostName = 'one' }", "PlacementImpossible", "DockerHost")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375'; Coreapp = 1 }", "PlacementImpossible", "Coreapps")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375'; Coreapps = 'two' }", "PlacementImpossible", "'two'")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375'; Masters = -1 }", "PlacementImpossible", "'-1'")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375' }, @{ DockerHost = 'tcp://one.invalid:2375/' }", "PlacementImpossible", "twice")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375' }, @{ DockerHost = 'unix:///nowhere/two.sock' }", "PlacementImpossible", "HostName")]
    [InlineData("@{ DockerHost = 'tcp://one.invalid:2375' }, @{ DockerHost = 'unix:///nowhere/two.sock'; HostName = 'two'; Webapps = 0 }", "PlacementImpossible", "Webapps: 1 placed, 2 wanted")]
    public void What_cannot_be_placed_is_refused_with_its_reason(string placement, string id, string reason)
    {
        using var shell = new PowerShellSession();
        shell.Run(Describe).MustSucceed();

        var error = Assert.Single(shell.Run(Install + (placement.Length == 0 ? string.Empty : " -Placement " + placement) + " -Confirm:$false").Errors);

        Assert.Equal(id + ",WaMigration.Commands.InstallWaClientCommand", error.FullyQualifiedErrorId);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }
}
