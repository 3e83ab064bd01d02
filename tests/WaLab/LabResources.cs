namespace WaLab;

/// <summary>What was started, to be ended in the opposite order; one that fails to end keeps no other from ending.</summary>
internal sealed class LabResources : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _ends = [];

    public T Add<T>(T resource)
        where T : class
    {
        switch (resource)
        {
            case IAsyncDisposable asynchronous:
                _ends.Push(asynchronous.DisposeAsync);
                break;
            case IDisposable disposable:
                _ends.Push(() =>
                {
                    disposable.Dispose();
                    return ValueTask.CompletedTask;
                });
                break;
        }

        return resource;
    }

    public void Add(Action end) => _ends.Push(() =>
    {
        end();
        return ValueTask.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        var failures = new List<Exception>();
        while (_ends.TryPop(out var end))
        {
            try
            {
                await end();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("The lab did not end in good order.", failures);
        }
    }
}
