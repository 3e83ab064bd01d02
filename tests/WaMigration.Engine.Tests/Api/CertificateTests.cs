using System.Net;
using System.Net.Sockets;
using WaMigration.Api;
using WaMigration.Setups;

namespace WaMigration.Engine.Tests.Api;

public sealed class CertificateTests
{
    private static readonly string OtherPin = new('A', 64);

    [Fact]
    public async Task A_self_signed_certificate_is_refused_and_its_thumbprint_shown()
    {
        await using var api = await ScriptedApi.StartAsync();

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>(
            "UntrustedCertificate",
            () => SetupConnector.ConnectAsync(ScriptedSetup.Options(api) with { CertificateThumbprints = [] }, ScriptedSetup.Operation()));

        Assert.Contains(api.Thumbprint, failure.Message, StringComparison.Ordinal);
        Assert.Contains("-CertificateThumbprint", failure.Remedy, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused_even_where_checks_are_skipped()
    {
        await using var api = await ScriptedApi.StartAsync();
        var options = ScriptedSetup.Options(api) with { CertificateThumbprints = [OtherPin], SkipCertificateCheck = true };

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>("CertificateNotPinned", () => SetupConnector.ConnectAsync(options, ScriptedSetup.Operation()));

        Assert.Contains(api.Thumbprint, failure.Message, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task One_of_several_pins_is_enough_in_whatever_spelling()
    {
        await using var api = await ScriptedApi.StartAsync();
        var spelled = string.Join(':', api.Thumbprint.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant();

        var setup = await SetupConnector.ConnectAsync(ScriptedSetup.Options(api) with { CertificateThumbprints = [OtherPin, spelled] }, ScriptedSetup.Operation());

        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Contains(api.Thumbprint, setup.Connections.PinnedThumbprints);
    }

    [Fact]
    public async Task An_own_root_is_trusted_and_no_other()
    {
        using var root = ScriptedApi.SelfSigned("Root", isAuthority: true);
        using var otherRoot = ScriptedApi.SelfSigned("Other root", isAuthority: true);
        await using var api = await ScriptedApi.StartAsync(ScriptedApi.SelfSigned("wa.example", root));
        var options = ScriptedSetup.Options(api) with { CertificateThumbprints = [] };

        var setup = await SetupConnector.ConnectAsync(options with { CaCertificates = [root] }, ScriptedSetup.Operation());
        Assert.Equal(WaSetupState.Running, setup.State);

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "UntrustedCertificate",
            () => SetupConnector.ConnectAsync(options with { CaCertificates = [otherRoot], SkipCertificateCheck = true }, ScriptedSetup.Operation()));
    }

    [Fact]
    public async Task Without_any_check_any_certificate_is_taken()
    {
        await using var api = await ScriptedApi.StartAsync();
        var options = ScriptedSetup.Options(api) with { CertificateThumbprints = [], SkipCertificateCheck = true };

        Assert.Equal(WaSetupState.Running, (await SetupConnector.ConnectAsync(options, ScriptedSetup.Operation())).State);
    }

    [Fact]
    public async Task A_pin_that_is_learned_later_is_taken_beside_what_was_trusted()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("GET /v1/health", ScriptedApi.Json("""{"health":{"gateway_status":"connected"}}"""));
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(api) with { CertificateThumbprints = [] });

        setup.Connections.Pin(api.Thumbprint.ToLowerInvariant());

        await setup.Api(ScriptedSetup.Operation()).GetHealthAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_thumbprint_that_is_none_is_refused() =>
        Assert.Equal("ThumbprintNotUsable", Assert.Throws<WaException>(() => new SetupConnections(new SetupOptions
        {
            Name = "old",
            ApiUri = new Uri("https://127.0.0.1:1"),
            CertificateThumbprints = ["0123456789012345678901234567890123456789"],
        })).ErrorId);

    [Fact]
    public async Task Anything_that_answers_is_answering()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("GET /v1/health", ScriptedApi.Error(500, 1014, "Internal error"));
        var stop = TestContext.Current.CancellationToken;

        Assert.True(await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).IsAnsweringAsync(stop));
        Assert.True(await ScriptedSetup.Open(ScriptedSetup.Options(api) with { CertificateThumbprints = [OtherPin] }).Api(ScriptedSetup.Operation()).IsAnsweringAsync(stop));
        api.On("GET /v1/health", ScriptedApi.Cut);
        Assert.True(await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).IsAnsweringAsync(stop));
    }

    [Fact]
    public async Task A_refused_connection_is_nobody_there()
    {
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(new Uri($"https://127.0.0.1:{FreePort()}"), OtherPin));

        Assert.False(await setup.Api(ScriptedSetup.Operation()).IsAnsweringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_anything_is_nobody_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var cutting = CutAsync(listener);
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), OtherPin));

        Assert.False(await setup.Api(ScriptedSetup.Operation()).IsAnsweringAsync(TestContext.Current.CancellationToken));
        listener.Stop();
        await cutting;
    }

    [Fact]
    public async Task Silence_is_no_proof_of_anything()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(address, OtherPin) with { Timeout = TimeSpan.FromMilliseconds(300) });

        await ScriptedSetup.ThrowsAsync<WaApiException>("ApiTimeout", () => setup.Api(ScriptedSetup.Operation()).IsAnsweringAsync(TestContext.Current.CancellationToken));
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task CutAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped, while it waited or between two waits.
        }
    }
}
