using System.Management.Automation;

namespace WaMigration.Tests.Infrastructure;

/// <summary>Everything that a script produced, stream by stream, in order.</summary>
internal sealed record ScriptResult(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress,
    IReadOnlyList<string> HostLines)
{
    /// <summary>The ids of the errors without the command's name: <c>ClientIsRegistered</c>.</summary>
    internal IReadOnlyList<string> ErrorIds => [.. Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])];

    /// <summary>The lines that -WhatIf printed.</summary>
    internal IReadOnlyList<string> WhatIfLines => [.. HostLines.Where(line => line.StartsWith("What if:", StringComparison.Ordinal))];

    /// <summary>Throws with everything that was said unless the script ended without an error.</summary>
    internal ScriptResult MustSucceed() => Errors.Count == 0
        ? this
        : throw new InvalidOperationException("The script failed: " + Describe());

    internal string Describe() => string.Join(
        Environment.NewLine,
        [
            .. Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}{Environment.NewLine}{e.ScriptStackTrace}{Environment.NewLine}{e.Exception}"),
            .. Warnings.Select(w => "WARNING: " + w),
            .. HostLines,
        ]);

    /// <summary>The only object of the output.</summary>
    internal PSObject Single() => Assert.Single(MustSucceed().Output);

    /// <summary>A property of the only object.</summary>
    internal object? Property(string name) => Value(Single(), name);

    internal static object? Value(PSObject item, string name) =>
        (item.Properties[name] ?? throw new InvalidOperationException($"No property '{name}' on {item}.")).Value;
}
