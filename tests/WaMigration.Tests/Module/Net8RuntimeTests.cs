using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

public sealed class Net8RuntimeTests
{
    [Fact]
    public async Task The_engine_runs_on_the_runtime_of_PowerShell_7_4()
    {
        var lines = await FreshProcess.RunAsync(Fixtures.Net8Runtime, Path.Combine(ModuleUnderTest.Folder, "net8.0"));

        Assert.Contains(lines, line => line.StartsWith("runtime .NET 8.0.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("loaded Npgsql 10.0.3", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("loaded Docker.DotNet 3.125", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("sealed and opened a box", StringComparison.Ordinal));
        Assert.Contains("failed as it should: ApiUnreachable", lines);
        Assert.Contains("failed as it should: DockerHostUnreachable", lines);
        Assert.Contains("failed as it should: DatabaseUnreachable", lines);
    }
}
