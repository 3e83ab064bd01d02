using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Nodes;

/// <summary>The control port of a Coreapp or Master: finds the handler, refuses while the node is not ready.</summary>
internal sealed class NodeApi
{
    private readonly RouteTable<Route> routes = new();
    private readonly CoreContext core;
    private readonly NodeState state;
    private readonly MasterDuties duties;
    private int writes;
    private long requests;

    public NodeApi(CoreContext core, NodeState state, MasterDuties duties)
    {
        this.core = core;
        this.state = state;
        this.duties = duties;
    }

    private enum Duty
    {
        /// <summary>Answers at any time.</summary>
        Always,

        /// <summary>Any node that is ready.</summary>
        Ready,

        /// <summary>The primary Master alone (a Coreapp that runs alone is its own).</summary>
        Primary,
    }

    /// <summary>Requests answered since the start.</summary>
    public long Requests => Interlocked.Read(ref requests);

    public void Always(string method, string path, Func<ApiCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Duty.Always, answer));

    public void WhenReady(string method, string path, Func<ApiCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Duty.Ready, answer));

    public void AsPrimary(string method, string path, Func<ApiCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Duty.Primary, answer));

    /// <summary>What a write without a result answers.</summary>
    public ApiAnswer Written()
    {
        string[] cycle = ["object", "null", "meta", "empty"];
        var shape = core.Environment.WriteAnswer;
        var turn = (uint)(core.Environment.Seed + Interlocked.Increment(ref writes) - 1);
        return ApiAnswer.Write(shape == "cycle" ? cycle[turn % cycle.Length] : shape, core.Version);
    }

    public ApiAnswer Ok(JsonObject content, int status = 200) => ApiAnswer.Ok(core.Version, content, status);

    public async Task<ApiAnswer> AnswerAsync(ApiCall call)
    {
        Interlocked.Increment(ref requests);
        CheckSecret(call);
        var route = routes.Find(call) ?? throw new ApiException(ApiErrors.NotFound, $"{call.Method} {call.Path}");
        if (route.Duty != Duty.Always && (!state.IsReady || core.Node.Stopping.IsCancellationRequested))
        {
            throw new ApiException(ApiErrors.NotReady, $"{core.Key} is not ready");
        }

        if (route.Duty == Duty.Primary && !await duties.ConfirmAsync(call.Aborted))
        {
            throw new ApiException(ApiErrors.NotPrimaryMaster, $"{core.Key} is not the primary master");
        }

        return await route.Answer(call);
    }

    /// <summary>Webapp and Coreapp that do not share WA_SECRET do not understand each other.</summary>
    private void CheckSecret(ApiCall call)
    {
        var given = (string?)call.Headers[PeerClient.SignatureHeader];
        var expected = core.Environment.Secret is { } secret
            ? PeerClient.Sign(secret, call.Method, call.Path + call.Query, call.Body)
            : null;
        if (given != expected)
        {
            throw new ApiException(ApiErrors.Internal, "The payload cannot be decrypted: WA_SECRET differs");
        }
    }

    private sealed record Route(Duty Duty, Func<ApiCall, Task<ApiAnswer>> Answer);
}
