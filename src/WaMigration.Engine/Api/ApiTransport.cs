using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace WaMigration.Api;

/// <summary>Sends one request once, and turns whatever does not succeed into a <see cref="WaApiException"/>.</summary>
internal sealed class ApiTransport : IDisposable
{
    private const string ClientName = "client-api";
    private readonly ServiceProvider services;
    private readonly IHttpClientFactory clients;

    internal ApiTransport(Uri address, CertificateTrust trust, TimeSpan timeout)
    {
        Address = address;
        Trust = trust;
        Timeout = timeout;
        var collection = new ServiceCollection();
        collection.AddHttpClient(ClientName).ConfigurePrimaryHttpMessageHandler(CreateHandler);

        // The factory's filters log addresses and want a metrics type that a private copy of its dependency lacks.
        collection.RemoveAll<IHttpMessageHandlerBuilderFilter>();
        services = collection.BuildServiceProvider();
        clients = services.GetRequiredService<IHttpClientFactory>();
    }

    internal Uri Address { get; }

    internal CertificateTrust Trust { get; }

    internal TimeSpan Timeout { get; }

    /// <summary>Name of the API in messages.</summary>
    internal string Target => Address.GetLeftPart(UriPartial.Authority);

    public void Dispose() => services.Dispose();

    /// <exception cref="WaApiException">No answer, or one that says it failed.</exception>
    internal async Task<ApiAnswer> SendAsync(ApiRequest request, AuthenticationHeaderValue? authentication, TimeProvider time, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(Address, request.Path));
        message.Headers.Authorization = authentication;
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        var content = request.Body is null ? null : new TrackedContent(request.Body, request.ContentType);
        message.Content = content;
        var limit = Timeout > request.MinimumTimeout ? Timeout : request.MinimumTimeout;
        using var timeout = time.TimeoutSource(limit);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var client = CreateClient();
            using var response = await client.SendAsync(message, both.Token).ConfigureAwait(false);
            var bytes = await ReadAsync(response, both.Token).ConfigureAwait(false);
            return Judge(request, authentication, (int)response.StatusCode, Encoding.UTF8.GetString(bytes));
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw NoAnswer(ApiErrors.ApiTimeout, request, ApiErrors.Phrase("ReasonTimeout", seconds), content, failure);
        }
        catch (HttpRequestException failure)
        {
            throw NoAnswer(request, content, failure);
        }
        catch (IOException failure)
        {
            throw NoAnswer(ApiErrors.ApiConnectionLost, request, ApiErrors.Phrase("ReasonLost"), content, failure);
        }
    }

    /// <summary>Whether anything is there at all. True for any answer and for any certificate; throws where it cannot be told.</summary>
    internal async Task<bool> IsAnsweringAsync(TimeProvider time, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Get, "v1/health");
        var seenBefore = Trust.Seen;
        try
        {
            await SendAsync(request, null, time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (WaApiException answer) when (answer.HttpStatus != 0 || Trust.Seen != seenBefore)
        {
            return true;
        }
        catch (WaApiException failure) when (ShowsNobody(failure) is { } nobody)
        {
            return !nobody;
        }
    }

    /// <summary>Whether a failed request shows that nobody is there; null where it shows nothing.</summary>
    private static bool? ShowsNobody(WaApiException failure) => ApiFailures.Inner<HttpRequestException>(failure) is not { } cause
        ? null
        : ApiFailures.Of(cause) switch
        {
            ApiFailure.Unreachable => true,

            // A publishing proxy takes the connection for a container that is gone and cuts it at once; a server that
            // speaks something else than TLS is there.
            ApiFailure.NoTls => ApiFailures.Inner<IOException>(cause) is not null,
            ApiFailure.Lost => ApiFailures.Inner<System.Net.Sockets.SocketException>(cause) is not null,
            _ => null,
        };

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
#if NET
        return await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
#else
        return await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
#endif
    }

    private HttpClient CreateClient()
    {
        var client = clients.CreateClient(ClientName);

        // Time is limited for each request by its own token.
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.ExpectContinue = false;
        return client;
    }

    private HttpClientHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !Address.IsLoopback,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        ServerCertificateCustomValidationCallback = (_, certificate, _, errors) => Trust.Check(certificate, errors),
    };

    private ApiAnswer Judge(ApiRequest request, AuthenticationHeaderValue? authentication, int status, string body)
    {
        var answer = ApiAnswer.From(status, body);
        if (status is >= 200 and < 300 && !ApiErrorEnvelope.IsIn(answer.Json))
        {
            return answer;
        }

        var secrets = authentication?.Parameter is { } token ? [.. request.Secrets, token] : request.Secrets;
        var envelope = ApiErrorEnvelope.From(status, Redaction.Remove(body, secrets));
        var kind = ApiErrorKinds.Of(request, status, envelope);
        throw ApiErrors.Answer(kind, Target, request.ToString(), status, envelope, Redaction.Evidence(body, secrets));
    }

    private WaApiException NoAnswer(ApiRequest request, TrackedContent? content, HttpRequestException failure)
    {
        var (kind, reason) = ApiFailures.Of(failure) switch
        {
            ApiFailure.Unreachable => (ApiErrors.ApiUnreachable, ApiErrors.Phrase("ReasonRefused")),
            ApiFailure.NameUnknown => (ApiErrors.ApiUnreachable, ApiErrors.Phrase("ReasonUnknownName")),
            ApiFailure.ConnectTimeout => (ApiErrors.ApiTimeout, ApiErrors.Phrase("ReasonNoRoute")),
            ApiFailure.NoTls when ApiFailures.Inner<System.Security.Authentication.AuthenticationException>(failure) is not null && Trust.LastRefusal is { } refusal =>
                (refusal.ByPins ? ApiErrors.CertificateNotPinned : ApiErrors.UntrustedCertificate, Describe(refusal)),
            ApiFailure.NoTls => (ApiErrors.ApiUnreachable, ApiErrors.Phrase("ReasonNoTls")),
            _ => (ApiErrors.ApiConnectionLost, ApiErrors.Phrase("ReasonLost")),
        };
        return NoAnswer(kind, request, reason, content, failure);
    }

    private WaApiException NoAnswer(WaErrorKind kind, ApiRequest request, string reason, TrackedContent? content, Exception cause)
    {
        var error = ApiErrors.Answer(kind, Target, request.ToString(), 0, new ApiErrorEnvelope(null, reason, string.Empty), [], cause);
        error.MayHaveBeenTaken = kind != ApiErrors.ApiUnreachable
            && kind != ApiErrors.UntrustedCertificate
            && kind != ApiErrors.CertificateNotPinned
            && content?.HasStarted != false;
        return error;
    }

    private static string Describe(CertificateRefusal refusal)
    {
        if (refusal.Thumbprint.Length == 0)
        {
            return ApiErrors.Phrase("CertificateNone");
        }

        var reason = refusal.ByPins ? "ReasonNone"
            : refusal.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !refusal.Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? "ReasonName"
            : "ReasonChain";
        return ApiErrors.Phrase("CertificateSeen", refusal.Thumbprint, refusal.Subject, ApiErrors.Phrase(reason));
    }
}
