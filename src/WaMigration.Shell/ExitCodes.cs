namespace WaMigration.Shell;

/// <summary>What the process ends with when no script says otherwise; the numbers are PowerShell's own.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>EX_USAGE.</summary>
    public const int Usage = 64;

    /// <summary>128 and the signal's number, as other shells do.</summary>
    public const int Interrupted = 128 + 2;

    /// <summary>128 and the signal's number, as other shells do.</summary>
    public const int Terminated = 128 + 15;
}
