namespace WaMigration.Shell;

/// <summary>The shell's own arguments make no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
