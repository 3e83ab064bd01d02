namespace WaMigration.Databases.MySql.Copying;

/// <summary>Lets work go one at a time, in the order in which it came.</summary>
internal sealed class OneByOne
{
    private readonly object gate = new();
    private Task last = Task.CompletedTask;

    internal async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (gate)
        {
            (before, last) = (last, done.Task);
        }

        try
        {
            await before.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return await work().ConfigureAwait(false);
        }
        finally
        {
            done.SetResult(true);
        }
    }
}
