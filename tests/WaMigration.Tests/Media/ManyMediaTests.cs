using System.Diagnostics;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Media;

/// <summary>Many files: a second copy asks for what has changed alone.</summary>
public sealed class ManyMediaTests
{
    [Fact(Explicit = true)]
    public async Task A_second_copy_of_ten_thousand_files_takes_seconds()
    {
        await using var hosts = await MediaHosts.StartAsync(1);
        for (var number = 0; number < 10_000; number++)
        {
            hosts.Write(0, $"incoming/{number % 16:x}/{number:D5}", new string((char)('a' + (number % 26)), 20_000));
        }

        var clock = Stopwatch.StartNew();
        Assert.Equal(10_000, hosts.Shell.Run("Copy-WaMedia $old $new").Property("Moved"));
        var first = clock.Elapsed;
        for (var number = 0; number < 100; number++)
        {
            hosts.Write(0, $"outgoing/{number:D5}", "new");
        }

        clock.Restart();
        Assert.Equal(100, hosts.Shell.Run("Copy-WaMedia $old $new").Property("Moved"));
        var second = clock.Elapsed;
        clock.Restart();
        Assert.Equal(0, hosts.Shell.Run("Copy-WaMedia $old $new").Property("Moved"));
        TestContext.Current.TestOutputHelper!.WriteLine($"10,000 files of 20 kB: {first.TotalSeconds:F1} s; 100 new ones: {second.TotalSeconds:F1} s; none: {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(second < TimeSpan.FromSeconds(30) && second < first, $"{second} after {first}");
    }
}
