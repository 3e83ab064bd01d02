using System.Management.Automation;
using WaMigration.Setups;

namespace WaMigration.Commands;

/// <summary>A database login that was given as a credential, or as a script block that fetches one (cloud tokens live for minutes).</summary>
internal static class DatabaseCredentials
{
    internal static async Task<PSCredential?> ResolveAsync(object? given, Func<Func<object?>, Task<object?>> onPipelineThread)
    {
        var value = Unwrap(given);
        if (value is ScriptBlock script)
        {
            value = Unwrap(await onPipelineThread(() => script.InvokeReturnAsIs()).ConfigureAwait(false));
        }

        return value switch
        {
            null => null,
            PSCredential credential => credential,
            _ => throw SetupErrors.DatabaseCredentialNotUsable.Error(value.GetType().Name),
        };
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
