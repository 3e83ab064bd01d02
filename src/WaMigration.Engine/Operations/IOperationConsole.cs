namespace WaMigration;

/// <summary>
/// What an operation of the engine may say while it runs. The cmdlets pass it on to PowerShell; the engine itself
/// never sees PowerShell. Safe to call from any thread.
/// </summary>
public interface IOperationConsole
{
    /// <summary>Where a long operation stands.</summary>
    void Progress(WaProgress progress);

    /// <summary>Detail for those who asked for it.</summary>
    void Verbose(string text);

    /// <summary>Something the user should know though it goes on.</summary>
    void Warning(string text);

    /// <summary>A change that would be made, under -WhatIf.</summary>
    /// <param name="target">What would be changed, by its concrete name.</param>
    /// <param name="action">What would be done to it.</param>
    void WhatIf(string target, string action);
}
