using System.Diagnostics;
using WaMigration.Containers;
using WaMigration.Databases;
using WaMigration.Security;
using WaMigration.Setups;

namespace WaMigration.Net8Runtime;

/// <summary>
/// Lets the engine do real work on this runtime: seal and open, and reach for an API, a Docker host and a database
/// server where none is. The module's own error at the end shows that everything before it ran.
/// </summary>
internal static class EngineTrial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync()
    {
        SealAndOpen();
        var operation = new Operation(new PrintingConsole(), planOnly: false, CancellationToken.None);
        await FailAsync("ApiUnreachable", () => SetupConnector.ConnectAsync(
            new SetupOptions
            {
                Name = "nobody",
                ApiUri = new Uri("https://127.0.0.1:1"),
                UserName = "admin",
                Password = Secret.Conceal("a password"),
                Timeout = Patience,
            },
            operation));
        await FailAsync("DockerHostUnreachable", () => DockerHosts
            .Connect(new Uri("tcp://127.0.0.1:1"), certificatePath: null, Patience)
            .ListContainersAsync(CancellationToken.None));
        await FailAsync("DatabaseUnreachable", () => ClientDatabases.ListAsync(
            new WaDatabaseServer(WaDatabaseEngine.PostgreSql, "127.0.0.1", 1, "wa", Secret.Conceal("a password"), string.Empty),
            operation));
    }

    private static async Task FailAsync(string id, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (WaException failure) when (failure.ErrorId == id)
        {
            Console.WriteLine($"failed as it should: {id}");
            return;
        }

        throw new InvalidOperationException($"{id} did not come.");
    }

    private static void SealAndOpen()
    {
        byte[] plain = [1, 2, 3];
        var watch = Stopwatch.StartNew();
        var box = PasswordBox.Seal(plain, "a password", "a context");
        var opened = PasswordBox.Open(box, "a password", "a context");
        if (opened is null || !opened.SequenceEqual(plain) || PasswordBox.Open(box, "another password", "a context") is not null)
        {
            throw new InvalidOperationException("The box did not keep what was put in.");
        }

        Console.WriteLine($"sealed and opened a box in {watch.ElapsedMilliseconds} ms");
    }

    private sealed class PrintingConsole : IOperationConsole
    {
        public void Progress(WaProgress progress) => Console.WriteLine("progress " + progress.Activity);

        public void Verbose(string text) => Console.WriteLine("verbose " + text);

        public void Warning(string text) => Console.WriteLine("warning " + text);

        public void WhatIf(string target, string action) => Console.WriteLine("would " + action);
    }
}
