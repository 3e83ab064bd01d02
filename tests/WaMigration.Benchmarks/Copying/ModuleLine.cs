using System.Globalization;

namespace WaMigration.Benchmarks.Copying;

/// <summary>A line of the module in a fresh process; start and import are left out of its time.</summary>
internal sealed class ModuleLine(string user)
{
    /// <summary>The most memory that the process had in any of its runs, in MB.</summary>
    internal int Peak { get; private set; }

    /// <summary>Milliseconds that it takes.</summary>
    internal async Task<double> TimeAsync(string line, CancellationToken cancellation)
    {
        var lines = await RunAsync(
            $$"""
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $null = {{line}}
            [string] [int] ([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 / 1MB)
            $watch.Elapsed.TotalMilliseconds.ToString([Globalization.CultureInfo]::InvariantCulture)
            """,
            cancellation);
        Peak = Math.Max(Peak, int.Parse(lines[^2], CultureInfo.InvariantCulture));
        return double.Parse(lines[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>What it writes.</summary>
    internal Task<IReadOnlyList<string>> RunAsync(string script, CancellationToken cancellation) => FreshShell.RunAsync(
        $$"""
        Import-Module '{{BuiltModule.Manifest}}'
        function Login([string] $word) { $secret = [Security.SecureString]::new(); foreach ($c in $word.ToCharArray()) { $secret.AppendChar($c) }; [Management.Automation.PSCredential]::new('{{user}}', $secret) }
        $from = Login $env:WA_FROM_WORD
        $to = Login $env:WA_TO_WORD
        {{script}}
        """,
        cancellation);
}
