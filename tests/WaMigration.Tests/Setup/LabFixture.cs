using WaLab;

namespace WaMigration.Tests.Setup;

/// <summary>A lab for all tests of one class; a lab takes longer to start than most tests to run.</summary>
public abstract class LabFixture : IAsyncLifetime
{
    private readonly LabOptions options;
    private SetupLab? lab;

    private protected LabFixture(LabOptions options) => this.options = options;

    internal SetupLab Lab => lab ?? throw new InvalidOperationException("The lab is not started.");

    public async ValueTask InitializeAsync() => lab = await SetupLab.StartAsync(options);

    public async ValueTask DisposeAsync()
    {
        if (lab is not null)
        {
            await lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>A serving client on the old side, and nothing on the new one.</summary>
public sealed class OldClient() : LabFixture(new LabOptions { Topology = new LabTopology(1, 2, 1) });

/// <summary>A serving client on the old side, and an unregistered one on the new.</summary>
public sealed class BothClients() : LabFixture(new LabOptions { NewInstalled = true });
