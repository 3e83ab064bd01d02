using System.Diagnostics;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>Runs something in a process of its own, where nothing is loaded yet.</summary>
internal static class FreshProcess
{
    /// <summary>Script text in the repository's shell; gives the lines that it wrote. An error fails the test.</summary>
    internal static Task<IReadOnlyList<string>> ShellAsync(string script) =>
        RunAsync("dotnet", "exec", ModuleUnderTest.ShellAssembly, "-NonInteractive", "-Command", "$ErrorActionPreference = 'Stop'; " + script);

    internal static async Task<IReadOnlyList<string>> RunAsync(string program, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
