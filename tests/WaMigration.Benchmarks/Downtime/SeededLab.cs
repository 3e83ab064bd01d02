using WaLab;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>A lab on a database server of its own, with an old client that has a lot behind it.</summary>
internal sealed class SeededLab : IAsyncDisposable
{
    private readonly ILabDatabaseServer server;

    private SeededLab(ILabDatabaseServer server, Lab lab) => (this.server, Lab, Seed) = (server, lab, new ClientSeed(lab));

    internal Lab Lab { get; }

    internal ClientSeed Seed { get; }

    /// <summary>What the messages and receipts take on the server, with their indexes.</summary>
    internal double Megabytes { get; private set; }

    /// <summary>For files; gone in the end.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("wamigration-benchmark-").FullName;

    internal static async Task<SeededLab> StartAsync(LabDatabaseEngine engine, double share, CancellationToken cancellation)
    {
        var server = await StockServers.StartAsync(engine, cancellation);
        try
        {
            var options = new LabOptions { ProxyLinks = false, DatabaseEngine = engine, DatabaseServer = server };
            var seeded = new SeededLab(server, await Lab.StartAsync(options, cancellation));
            seeded.Megabytes = await seeded.Seed.FillAsync(share, cancellation);
            return seeded;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
