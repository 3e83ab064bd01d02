using WaMigration.Benchmarks;

if (args is [var name, ..] && Benchmarks.All.TryGetValue(name, out var benchmark))
{
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };
    try
    {
        return await benchmark(args[1..], stop.Token) ? 0 : 1;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 130;
    }
}

Console.Error.WriteLine("Which benchmark? " + string.Join(", ", Benchmarks.All.Keys));
return 2;
