using System.Net.NetworkInformation;
using WaLab.RealDocker;

namespace WaMigration.Engine.Tests.RealDocker;

public sealed class DockerEngineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_come_up_apart_from_each_other_and_leave_nothing_behind()
    {
        string[] folders;
        string bridge;
        await using (var hosts = await RealHosts.StartAsync(2))
        {
            bridge = hosts.Network.Bridge;
            folders = [.. hosts.Engines.Select(engine => engine.Machine.Folder)];
            Assert.Equal(2, hosts.Engines.Select(engine => engine.Address).Distinct().Count());
            foreach (var engine in hosts.Engines)
            {
                var about = await engine.Api.GetAsync("info", Cancellation);
                Assert.Equal(engine.Name, (string?)about["Name"]);
                Assert.Equal(Path.Combine(engine.Machine.Folder, "data"), (string?)about["DockerRootDir"]);
            }
        }

        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
        Assert.All(folders, folder => Assert.Empty(ProcessesOn(folder)));
        Assert.DoesNotContain(NetworkInterface.GetAllNetworkInterfaces(), link => link.Name.StartsWith(bridge + "h", StringComparison.Ordinal) || link.Name == bridge);
    }

    [Fact]
    public async Task An_engine_that_is_killed_starts_again_and_a_machine_without_power_too()
    {
        await using var hosts = await RealHosts.StartAsync(1);
        var engine = hosts.Engines[0];
        await engine.KillAsync(Cancellation);
        Assert.False(await engine.Api.PingAsync(Cancellation));
        await engine.StartAsync(Cancellation);
        Assert.True(await engine.Api.PingAsync(Cancellation));

        await engine.Machine.PowerOffAsync();
        Assert.False(await engine.Api.PingAsync(Cancellation));
        await engine.StartAsync(Cancellation);
        Assert.True(await engine.Api.PingAsync(Cancellation));

        await engine.StopAsync(Cancellation);
        Assert.False(await engine.Api.PingAsync(Cancellation));
    }

    private static IEnumerable<string> ProcessesOn(string folder) =>
        from file in Directory.EnumerateDirectories("/proc").Where(entry => char.IsAsciiDigit(Path.GetFileName(entry)[0]))
        let command = ReadCommandLine(file)
        where command.Contains(folder, StringComparison.Ordinal)
        select command;

    private static string ReadCommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            // It ended between the two looks.
            return string.Empty;
        }
    }
}
