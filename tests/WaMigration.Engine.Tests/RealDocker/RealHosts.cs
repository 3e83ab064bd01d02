using WaLab.RealDocker;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.RealDocker;

/// <summary>Real Docker hosts for a test, which is skipped with the reason where they cannot be had.</summary>
internal static class RealHosts
{
    public static Task<RealDockerHosts> StartAsync(int count) =>
        LabServers.OrSkip(() => RealDockerHosts.StartAsync(count, Log, TestContext.Current.CancellationToken));

    /// <summary>
    /// The product starts the ssh that is on PATH; the lab's one knows its hosts. Its folder goes with the lab, and then
    /// the next one on PATH is found again.
    /// </summary>
    public static void PutSshFirst(RealDockerHosts hosts) =>
        Environment.SetEnvironmentVariable("PATH", hosts.SshFolder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"));

    public static void Log(string line) => TestContext.Current.SendDiagnosticMessage(line);
}
