namespace WaLab.Proxies;

/// <summary>
/// Holds one request. The test awaits <see cref="Arrived"/>, does what it wants (kills the client), and releases it. A
/// request whose client has gone meanwhile is dropped: held before, it never reaches the server.
/// </summary>
public sealed class ProxyHold : ProxyRule
{
    private readonly TaskCompletionSource<ProxyRequest> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ProxyHold(HoldPoint when, string? method, string path, int occurrence, Func<bool>? onlyWhile)
        : base(when, method, path, occurrence, times: 1, onlyWhile)
    {
    }

    /// <summary>The request, once it is held.</summary>
    public Task<ProxyRequest> Arrived => _arrived.Task;

    /// <summary>Ends when the client of the held request has gone, and the request with it.</summary>
    public Task ClientGone => _clientGone.Task;

    /// <summary>Lets it go on.</summary>
    public void Release() => _decision.TrySetResult(true);

    /// <summary>Cuts the client's connection; held before, the request never reaches the server.</summary>
    public void Drop() => _decision.TrySetResult(false);

    /// <summary>True: go on. False: cut.</summary>
    internal async Task<bool> WaitAsync(ProxyRequest request, Func<bool> isClientGone, CancellationToken clientAborted)
    {
        _arrived.TrySetResult(request);
        try
        {
            var goOn = await _decision.Task.WaitAsync(clientAborted);
            if (!isClientGone())
            {
                return goOn;
            }
        }
        catch (OperationCanceledException) when (clientAborted.IsCancellationRequested)
        {
            // Told to the test below.
        }

        _clientGone.TrySetResult();
        return false;
    }

    private protected override void Withdraw() => Release();
}
