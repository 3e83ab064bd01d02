using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using WaLab;
using WaLab.Setups;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>
/// An application that knows nothing of a migration: every 100 ms it sends a message to whichever side takes it, the one
/// that took the last one first. The longest time in which none was taken is the downtime as it is felt.
/// </summary>
internal sealed class SendProber : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lab lab;
    private readonly string password;
    private readonly HttpClient http;
    private readonly Dictionary<LabSetup, string> tokens = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;
    private volatile LabSetup current;

    private SendProber(Lab lab)
    {
        (this.lab, password, current) = (lab, lab.Old.Password, lab.Old);

        // Which side a pin belongs to is the product's to check; here only the answer counts.
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
#pragma warning disable CA5359 // The lab's own clients on this machine.
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        })
        {
            Timeout = Patience,
        };
        work = Task.Run(WorkAsync);
    }

    /// <summary>How many messages were taken.</summary>
    internal int Taken { get; private set; }

    /// <summary>The longest time between two messages that were taken, from send to send.</summary>
    internal TimeSpan Longest { get; private set; }

    /// <summary>Starts once a message was taken.</summary>
    internal static async Task<SendProber> StartAsync(Lab lab, CancellationToken cancellation)
    {
        var prober = new SendProber(lab);
        while (prober.Taken == 0)
        {
            await Task.Delay(Pace, cancellation);
        }

        return prober;
    }

    /// <summary>Waits until the new side takes messages.</summary>
    internal async Task WaitForNewAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (current != lab.New)
        {
            if (watch.Elapsed > timeout)
            {
                throw new TimeoutException($"The new client took no message within {timeout.TotalSeconds} s.");
            }

            await Task.Delay(20, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
        http.Dispose();
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        var clock = Stopwatch.StartNew();
        TimeSpan? last = null;
        while (!stop.IsCancellationRequested)
        {
            var at = clock.Elapsed;
            foreach (var side in new[] { current, current == lab.Old ? lab.New : lab.Old })
            {
                if (!await SendAsync(side))
                {
                    continue;
                }

                if (last is { } before && at - before > Longest)
                {
                    Longest = at - before;
                }

                last = at;
                Taken++;
                current = side;
                break;
            }

            try
            {
                await timer.WaitForNextTickAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether that side took one. That it does not is what is measured, whatever the reason.</summary>
    private async Task<bool> SendAsync(LabSetup side)
    {
        try
        {
            if (!tokens.TryGetValue(side, out var token))
            {
                // Before a side has the old one's users its login fails, and too many failed ones would lock it: the token
                // of the old side is tried first, as an application has no other.
                token = tokens.TryGetValue(lab.Old, out var known) && await SendAsync(side, known) != HttpStatusCode.Unauthorized
                    ? known
                    : await LoginAsync(side);
                tokens[side] = token;
            }

            var answer = await SendAsync(side, token);
            if (answer == HttpStatusCode.Unauthorized)
            {
                tokens.Remove(side);
            }

            return answer is HttpStatusCode.OK or HttpStatusCode.Created;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    private async Task<HttpStatusCode> SendAsync(LabSetup side, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(side.ApiUri, "/v1/messages"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent(
            new JsonObject { ["to"] = Lab.TestContact, ["type"] = "text", ["recipient_type"] = "individual", ["text"] = new JsonObject { ["body"] = "Are you there?" } }.ToJsonString(),
            Encoding.UTF8,
            "application/json");
        using var answer = await http.SendAsync(request, stop.Token);
        return answer.StatusCode;
    }

    private async Task<string> LoginAsync(LabSetup side)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(side.ApiUri, "/v1/users/login"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(LabSetup.User + ":" + password)));
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, stop.Token);
        answer.EnsureSuccessStatusCode();
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token))!["users"]![0]!["token"]!;
    }
}
