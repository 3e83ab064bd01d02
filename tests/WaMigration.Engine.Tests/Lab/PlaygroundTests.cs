using System.Diagnostics;
using System.Text.Json.Nodes;
using WaLab.Servers;

namespace WaMigration.Engine.Tests.Lab;

public sealed class PlaygroundTests : IDisposable
{
    // A runtime folder of its own, so that "down" finds the playground of this test and no other.
    private readonly string _runtime = Path.Combine(Path.GetTempPath(), "walabt" + Guid.NewGuid().ToString("N")[..6]);

    private static readonly string[] ServerKinds = ["pg", "my", "mysql"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_prints_one_line_with_everything_and_ends_with_its_standard_input()
    {
        await LabServers.SharedPostgresAsync();
        using var playground = Start("up", "--json", "--docker", "embedded", "--scale", "0.02", "--coreapps", "2", "--shards", "1", "--masters", "1");
        var line = await ReadLineAsync(playground);
        var description = JsonNode.Parse(line)!;
        foreach (var name in new[] { "phoneNumber", "testContact", "controlUri" })
        {
            Assert.NotEmpty(description[name]!.GetValue<string>());
        }

        Assert.True(description["old"]!["installed"]!.GetValue<bool>());
        Assert.Equal(64, description["new"]!["certificateThumbprint"]!.GetValue<string>().Length);
        Assert.Equal("secret", description["new"]!["password"]!.GetValue<string>());
        Assert.Contains("BEGIN CERTIFICATE", await File.ReadAllTextAsync(description["webhook"]!["caPath"]!.GetValue<string>(), Cancellation), StringComparison.Ordinal);
        using (var client = new HttpClient())
        {
            var callbacks = JsonNode.Parse(await client.GetStringAsync(description["controlUri"]!.GetValue<string>() + "callbacks", Cancellation));
            Assert.NotEmpty(callbacks!["callbacks"]!.AsArray());
            var state = await client.GetStringAsync(description["service"]!["controlUri"]!.GetValue<string>() + "state", Cancellation);
            Assert.Contains(description["phoneNumber"]!.GetValue<string>(), state, StringComparison.Ordinal);
        }

        playground.StandardInput.Close();
        await playground.WaitForExitAsync(Cancellation);
        Assert.Equal(0, playground.ExitCode);
        Assert.Equal("", await playground.StandardOutput.ReadToEndAsync(Cancellation));
        Assert.False(Directory.Exists(description["folder"]!.GetValue<string>()));
        Assert.Empty(ServersOf(playground.Id));
    }

    [Fact]
    public async Task Down_ends_it()
    {
        await LabServers.OrSkip(() => LabDatabaseServers.SharedAsync(LabDatabaseEngine.MariaDb));
        using var playground = Start("up", "--json", "--docker", "embedded", "--engine", "mariadb", "--ignore-stdin", "--scale", "0.02", "--new", "absent", "--coreapps", "1", "--shards", "1", "--masters", "1");
        var old = JsonNode.Parse(await ReadLineAsync(playground))!["old"]!;
        Assert.Equal(("MYSQL", "MariaDb"), ((string?)old["databaseEngine"], (string?)old["databaseProduct"]));
        playground.StandardInput.Close();
        using var down = Start("down");
        await down.WaitForExitAsync(Cancellation);
        Assert.Equal(0, down.ExitCode);
        Assert.True(playground.HasExited);
        Assert.Equal(0, playground.ExitCode);
        Assert.Empty(ServersOf(playground.Id));
        Assert.Equal(["ports"], Directory.EnumerateFileSystemEntries(_runtime).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_runtime, "ports")));
    }

    [Fact]
    public async Task Nothing_of_a_killed_playground_goes_on()
    {
        await LabServers.SharedPostgresAsync();
        using var playground = Start("up", "--json", "--docker", "embedded", "--scale", "0.02", "--new", "absent", "--coreapps", "1", "--shards", "1", "--masters", "1");
        var description = JsonNode.Parse(await ReadLineAsync(playground))!;
        Assert.False(description["new"]!["installed"]!.GetValue<bool>());
        Assert.NotEmpty(ServersOf(playground.Id));
        playground.Kill();
        await playground.WaitForExitAsync(Cancellation);
        for (var attempt = 0; attempt < 200 && ServersOf(playground.Id).Count > 0; attempt++)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Empty(ServersOf(playground.Id));
    }

    [Fact]
    public async Task Down_without_a_playground_says_so()
    {
        using var down = Start("down");
        await down.WaitForExitAsync(Cancellation);
        Assert.Equal(0, down.ExitCode);
    }

    [Theory]
    [InlineData("up", "--docker", "embedded", "--hosts", "2")]
    [InlineData("up", "--hosts", "2", "--masters", "3")]
    [InlineData("up", "--shards", "3")]
    [InlineData("up", "--engine", "oracle")]
    [InlineData("sideways")]
    public async Task What_cannot_be_had_is_refused_before_anything_is_started(params string[] arguments)
    {
        using var program = Start(arguments);
        await program.WaitForExitAsync(Cancellation);
        Assert.Equal(2, program.ExitCode);
        Assert.NotEmpty(await program.StandardError.ReadToEndAsync(Cancellation));
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync(Cancellation));
    }

    public void Dispose()
    {
        if (Directory.Exists(_runtime))
        {
            Directory.Delete(_runtime, recursive: true);
        }
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["WA_LAB_RUNTIME"] = _runtime;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "WaLab.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task<string> ReadLineAsync(Process playground)
    {
        var errors = playground.StandardError.ReadToEndAsync(Cancellation);
        var line = await playground.StandardOutput.ReadLineAsync(Cancellation);
        if (line is null)
        {
            Assert.Fail("The playground did not come up: " + await errors);
        }

        return line!;
    }

    /// <summary>Database servers whose folder names the process that started them.</summary>
    private static List<string> ServersOf(int processId)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => Path.GetFileName(f).All(char.IsAsciiDigit)))
        {
            try
            {
                var line = File.ReadAllText(Path.Combine(folder, "cmdline"));
                if (ServerKinds.Any(kind => line.Contains($"/{kind}-{processId}-", StringComparison.Ordinal)))
                {
                    found.Add(line.Replace('\0', ' '));
                }
            }
            catch (IOException)
            {
                // It ended between the two looks.
            }
        }

        return found;
    }
}
