using WaLab.RealDocker;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.RealDocker;

/// <summary>Real Docker hosts for a test, which is skipped with the reason where they cannot be had.</summary>
internal static class RealHosts
{
    public static Task<RealDockerHosts> StartAsync(int count) =>
        LabServers.OrSkip(() => RealDockerHosts.StartAsync(count, Log, TestContext.Current.CancellationToken));

    public static void Log(string line) => TestContext.Current.SendDiagnosticMessage(line);
}
