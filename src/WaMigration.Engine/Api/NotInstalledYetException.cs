namespace WaMigration.Api;

/// <summary>
/// Under -WhatIf: what is asked of a setup that would be installed by an earlier step of the plan. Callers tell their
/// own part of the plan and return; nothing has failed.
/// </summary>
internal sealed class NotInstalledYetException : WaException
{
    internal NotInstalledYetException(string target, string what, Exception? inner = null)
        : base(
            ApiErrors.NotInstalledYet,
            ApiErrors.Phrase("NotInstalledYet", target, what),
            ApiErrors.Phrase("NotInstalledYet_Remedy"),
            target,
            [],
            inner)
    {
    }
}
