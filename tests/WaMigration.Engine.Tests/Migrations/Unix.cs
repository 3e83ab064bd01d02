namespace WaMigration.Engine.Tests.Migrations;

/// <summary>Rights of files where they are modes.</summary>
internal static class Unix
{
    internal static UnixFileMode Mode(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);
}
