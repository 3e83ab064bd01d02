using WaLab.Servers;
using Xunit;

namespace WaMigration.Engine.Tests.Lab;

/// <summary>A missing server skips a test with its reason; where the lab is required it fails it.</summary>
internal static class LabServers
{
    public static Task<LabPostgres> StartPostgresAsync() =>
        OrSkip(() => LabPostgres.StartAsync(Log, TestContext.Current.CancellationToken));

    public static Task<LabMariaDb> StartMariaDbAsync() =>
        OrSkip(() => LabMariaDb.StartAsync(Log, network: null, TestContext.Current.CancellationToken));

    public static Task<ILabDatabaseServer> StartAsync(LabDatabaseEngine engine) =>
        OrSkip(() => LabDatabaseServers.StartAsync(engine, Log, network: null, TestContext.Current.CancellationToken));

    public static Task<LabPostgres> SharedPostgresAsync() => OrSkip(() => LabPostgres.SharedAsync(Log));

    public static Task<WaLab.Lab> StartLabAsync(WaLab.LabOptions? options = null) =>
        OrSkip(() => WaLab.Lab.StartAsync(options, TestContext.Current.CancellationToken));

    internal static async Task<T> OrSkip<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    private static void Log(string line) => TestContext.Current.SendDiagnosticMessage(line);
}
