using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using WaLab.Net;
using WaLab.Servers;

namespace WaLab.Playground;

/// <summary>The playgrounds of this user, each known by a file that names its process and its control socket.</summary>
internal static class RunningPlaygrounds
{
    private const string Prefix = "playground-";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Says that this process runs one; the file goes when the result is disposed.</summary>
    public static IDisposable Register(string socket)
    {
        var file = Path.Combine(LabFolders.Runtime, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ".json");
        var content = new JsonObject { ["pid"] = Environment.ProcessId, ["started"] = Started(Environment.ProcessId), ["socket"] = socket };
        File.WriteAllText(file, content.ToJsonString());
        LabFolders.SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new Registration(file);
    }

    /// <summary>Ends all; how many there were.</summary>
    public static async Task<int> EndAllAsync(Action<string> log)
    {
        var ended = 0;
        foreach (var file in Directory.EnumerateFiles(LabFolders.Runtime, Prefix + "*.json"))
        {
            if (JsonNode.Parse(await File.ReadAllTextAsync(file)) is JsonObject known
                && (int?)known["pid"] is { } id
                && Started(id) is { } started
                && started == (string?)known["started"])
            {
                await EndAsync(id, (string)known["socket"]!, log);
                ended++;
            }

            File.Delete(file);
        }

        return ended;
    }

    private static async Task EndAsync(int id, string socket, Action<string> log)
    {
        using var process = Process.GetProcessById(id);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) => await new LabAddress(0, socket).ConnectAsync(cancellation),
            });
            using var answer = await client.PostAsync(new Uri("http://playground/down"), null);
            answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException problem)
        {
            log($"Playground {id} does not listen ({problem.Message}); ending its process.");
            process.Kill();
        }

        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
    }

    /// <summary>When a process began, in the kernel's own count: tells it from another one that got its number later.</summary>
    private static string? Started(int id)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat");
        if (!File.Exists(file))
        {
            return null;
        }

        var stat = File.ReadAllText(file);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    }

    private sealed class Registration(string file) : IDisposable
    {
        public void Dispose() => File.Delete(file);
    }
}
