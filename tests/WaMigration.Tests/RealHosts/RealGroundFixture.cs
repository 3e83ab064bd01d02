using WaLab;
using WaLab.RealDocker;
using WaLab.Servers;

namespace WaMigration.Tests.RealHosts;

/// <summary>Four real Docker hosts and a database server for the tests of a collection, one after the other.</summary>
public sealed class RealGroundFixture : IAsyncDisposable
{
    private Task<RealGround>? _ground;

    /// <summary>A lab on them; small, since every node is a process of its own.</summary>
    public async Task<LabOptions> OptionsAsync(LabHosts hosts, LabTopology? topology = null) => new()
    {
        Hosts = hosts,
        Ground = await GroundAsync(),
        Topology = topology ?? (hosts == LabHosts.RealTwo ? LabTopology.TwoHosts : new LabTopology(1, 2, 1)),
        Log = line => TestContext.Current.SendDiagnosticMessage(line),
    };

    public async ValueTask DisposeAsync()
    {
        if (_ground is { IsCompletedSuccessfully: true } started)
        {
            await (await started).DisposeAsync();
        }
    }

    internal async Task<RealGround> GroundAsync()
    {
        try
        {
            return await (_ground ??= RealGround.StartAsync(4, line => TestContext.Current.SendDiagnosticMessage(line), CancellationToken.None));
        }
        catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class RealHostsGroup : ICollectionFixture<RealGroundFixture>
{
    public const string Name = "Real Docker hosts";
}
