using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>The small projects that are built beside the tests.</summary>
internal static class Fixtures
{
    internal static string TestCmdlets => PathOf("WaMigration.TestCmdlets", "WaMigration.TestCmdlets.dll");

    internal static string OlderDependencies => PathOf("OlderDependencies", "OlderDependencies.dll");

    internal static string Net8Runtime => PathOf("WaMigration.Net8Runtime", OperatingSystem.IsWindows() ? "WaMigration.Net8Runtime.exe" : "WaMigration.Net8Runtime");

    /// <summary>A session with the module and the test cmdlets.</summary>
    internal static PowerShellSession Session()
    {
        var session = new PowerShellSession();
        session.Run("param($m) Import-Module $m -ErrorAction Stop", ("m", TestCmdlets)).MustSucceed();
        return session;
    }

    private static string PathOf(string project, string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", project, file);
}
