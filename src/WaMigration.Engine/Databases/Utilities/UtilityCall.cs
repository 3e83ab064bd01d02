namespace WaMigration.Databases.Utilities;

/// <summary>One run of a program. Secrets are in its environment or in a file for this user alone, which goes with it.</summary>
internal sealed class UtilityCall(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string? secret = null, string? secretFile = null) : IDisposable
{
    internal string Program { get; } = program;

    internal IReadOnlyList<string> Arguments { get; } = arguments;

    internal IReadOnlyDictionary<string, string> Environment { get; } = environment;

    /// <summary>Takes the secret out of what the program said.</summary>
    internal string Clean(string text) => string.IsNullOrEmpty(secret) ? text : text.Replace(secret!, "***");

    public void Dispose()
    {
        if (secretFile is not null)
        {
            File.Delete(secretFile);
        }
    }
}
