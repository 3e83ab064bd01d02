using System.Diagnostics;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Databases;

/// <summary>The module in a process of its own, which a test may kill, with a login of a database server.</summary>
internal static class ModuleProcess
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts it on a script, which finds the login as $login and the values of the environment.</summary>
    internal static Process Start(string user, string password, string script, string? archive = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec", ModuleUnderTest.ShellAssembly, "-NonInteractive", "-Command",
                $$"""
                $ErrorActionPreference = 'Stop'
                Import-Module '{{ModuleUnderTest.Manifest}}'
                $secret = [Security.SecureString]::new()
                foreach ($c in $env:WA_TEST_WORD.ToCharArray()) { $secret.AppendChar($c) }
                $login = [Management.Automation.PSCredential]::new('{{user}}', $secret)
                {{script}}
                """,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["WA_TEST_WORD"] = password;
        start.Environment["WA_TEST_ARCHIVE"] = archive ?? string.Empty;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Kills it after a while; one that ends before is left alone.</summary>
    internal static async Task KillAfterAsync(Process process, int milliseconds)
    {
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(milliseconds);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }
    }

    /// <summary>Waits for its good end, and gives what it printed.</summary>
    internal static async Task<string> MustEndAsync(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
