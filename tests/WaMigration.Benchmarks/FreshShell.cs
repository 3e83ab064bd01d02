using System.Diagnostics;

namespace WaMigration.Benchmarks;

/// <summary>The repository's shell in a process of its own, so that nothing is warm.</summary>
internal static class FreshShell
{
    /// <summary>Runs script text; gives the lines that it wrote.</summary>
    internal static async Task<IReadOnlyList<string>> RunAsync(string script, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "WaMigration.Shell.dll"), "-NonInteractive", "-Command", "$ErrorActionPreference = 'Stop'; " + script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                : throw new InvalidOperationException($"The shell ended with {process.ExitCode}: {output}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
