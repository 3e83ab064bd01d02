using WaLab.Proxies;

namespace WaLab.Setups;

/// <summary>Tells a proxy when the Webapp behind it comes and goes, so that it refuses as the Webapp's own port does.</summary>
internal sealed class FollowedApi : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private FollowedApi(RealSide side, HttpProxy proxy) => _loop = Task.Run(() => FollowAsync(side, proxy, _stop.Token));

    public static FollowedApi Start(RealSide side, HttpProxy proxy) => new(side, proxy);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task FollowAsync(RealSide side, HttpProxy proxy, CancellationToken cancellationToken)
    {
        var isThere = false;
        while (true)
        {
            var now = await side.AnswersAsync(cancellationToken);
            if (now != isThere)
            {
                await (now ? proxy.ServerCameAsync() : proxy.ServerWentAsync());
                isThere = now;
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
