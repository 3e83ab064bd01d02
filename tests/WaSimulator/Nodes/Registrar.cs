using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Nodes.Stores;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>How a client comes by its registration: from the service, or from a backup. Runs on the primary Master.</summary>
internal sealed class Registrar(CoreContext core, NodeState state, ClusterAgent agent, MasterDuties duties) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>The service registered the number for this unregistered client.</summary>
    public async Task RegisterAsync(Frame frame, CancellationToken cancellationToken)
    {
        var registration = new Registration(
            frame.Number!,
            (string)frame.Payload!["countryCode"]!,
            (string)frame.Payload["name"]!,
            (int)frame.Payload["registrationId"]!,
            frame.Secret!,
            frame.Shards ?? 1,
            core.Clock.NowMilliseconds);
        await InstallAsync(registration, settings: null, reason: "register", cancellationToken);
        core.Log("INFO", $"Registered {registration.Number}");
    }

    public async Task<string> BackupAsync(string password, CancellationToken cancellationToken)
    {
        var registration = await core.Config.RegistrationAsync(cancellationToken);
        var keys = await core.Keys.IdentityAsync(cancellationToken);
        if (registration is null || keys is null)
        {
            throw new ApiException(ApiErrors.Internal, "The client is not registered");
        }

        var connected = (await core.Cluster.NodesAsync(cancellationToken)).Any(node => node.IsCoreapp && node.State == "connected");
        if (!connected)
        {
            throw new ApiException(ApiErrors.NotReady, "No Coreapp is connected");
        }

        var data = BackupCodec.Seal(
            new BackupContent
            {
                Version = core.Version,
                CreatedAt = core.Clock.Now,
                Shards = state.Shards,
                Registration = registration,
                IdentityPublicKey = keys.PublicKey,
                IdentityPrivateKey = keys.PrivateKey,
                Settings = await core.Config.SettingsAsync(cancellationToken),
            },
            password);
        core.Reporter.Write(LogKinds.Backup);
        core.Log("INFO", "Settings backup made");
        return data;
    }

    /// <summary>Restores, or throws with nothing changed.</summary>
    public async Task RestoreAsync(string data, string password, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        var began = core.Reporter.Write(LogKinds.RestoreBegin);
        var outcome = "failed";
        try
        {
            var content = BackupCodec.Open(data, password);
            CheckFits(content);
            await core.Clock.DelayAsync(Durations.Restore, cancellationToken);
            var wasRegistered = await core.Config.RegistrationAsync(cancellationToken) is not null;
            await InstallAsync(content.Registration, content.Settings, reason: "restore", cancellationToken);
            outcome = wasRegistered ? "done, halting" : "done";
            core.Log("INFO", $"Settings restored for {content.Registration.Number}");
            if (wasRegistered)
            {
                // The application of a registered client stops now; only a restart of the containers brings it back.
                await ClusterStore.PutStateAsync(core.Cluster.Store, ClusterKeys.Halt, NewMark(), cancellationToken);
            }

            await duties.WakeAllAsync(cancellationToken);
            agent.Wake();
        }
        catch (ApiException problem)
        {
            outcome = $"refused {problem.Code}";
            throw;
        }
        finally
        {
            core.Reporter.Write(LogKinds.RestoreEnd, outcome, began);
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private static string NewMark() => Guid.NewGuid().ToString("N")[..12];

    private void CheckFits(BackupContent content)
    {
        if (System.Version.Parse(content.Version) > System.Version.Parse(core.Version))
        {
            throw new ApiException(
                ApiErrors.ParameterInvalid,
                $"The backup was made by the newer version v{content.Version}");
        }

        if (content.Shards != state.Shards)
        {
            throw new ApiException(
                ApiErrors.ParameterInvalid,
                $"The backup was made with {content.Shards} shards, this client runs with {state.Shards}");
        }
    }

    /// <summary>New identity first at the service, which may refuse; then the keys, the registration, and the mark that all nodes see.</summary>
    private async Task InstallAsync(Registration registration, JsonObject? settings, string reason, CancellationToken cancellationToken)
    {
        var keys = IdentityKeys.Create();
        var instance = NewMark();
        await core.Service.CallAsync(
            "client/identity",
            registration,
            new JsonObject { ["identityKey"] = keys.PublicKey, ["reason"] = reason, ["client"] = agent.Client },
            cancellationToken);
        await core.Keys.ReplaceAsync(keys, registration.RegistrationId, cancellationToken);
        await core.Config.Store.TransactAsync(
            async session =>
            {
                await core.Config.ReplaceAsync(
                    session, registration, settings, reason == "restore" ? core.Clock.NowMilliseconds : null, cancellationToken);
                return true;
            },
            cancellationToken);
        await core.Cluster.Store.TransactAsync(
            async session =>
            {
                await ClusterStore.PutStateAsync(session, ClusterKeys.Instance, instance, cancellationToken);
                await ClusterStore.PutStateAsync(session, ClusterKeys.Epoch, NewMark(), cancellationToken);
                return true;
            },
            cancellationToken);
        await duties.WakeAllAsync(cancellationToken);
        agent.Wake();
    }
}
