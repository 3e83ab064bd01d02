using System.Net;
using System.Net.Sockets;

namespace WaMigration.Api;

/// <summary>Where on the way a request failed that got no answer.</summary>
internal enum ApiFailure
{
    /// <summary>Refused, or no way to the host: nothing was sent.</summary>
    Unreachable,

    /// <summary>The name is not known: nothing was sent, and nothing is said about the host.</summary>
    NameUnknown,

    /// <summary>The connection stood, but TLS did not come about: nothing was sent.</summary>
    NoTls,

    /// <summary>Cut before the answer.</summary>
    Lost,

    /// <summary>Connecting took too long.</summary>
    ConnectTimeout,
}

/// <summary>Reads failures of the two runtimes' HTTP stacks, which say the same in different ways.</summary>
internal static class ApiFailures
{
    internal static ApiFailure Of(HttpRequestException failure)
    {
        var socket = Inner<SocketException>(failure)?.SocketErrorCode;
        if (socket == SocketError.TimedOut)
        {
            return ApiFailure.ConnectTimeout;
        }

#if NET
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ApiFailure.NameUnknown,
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => ApiFailure.Unreachable,
            HttpRequestError.SecureConnectionError => ApiFailure.NoTls,
            _ => ApiFailure.Lost,
        };
#else
        return Inner<WebException>(failure)?.Status switch
        {
            WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure => ApiFailure.NameUnknown,
            WebExceptionStatus.ConnectFailure => ApiFailure.Unreachable,
            WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure => ApiFailure.NoTls,
            _ => ApiFailure.Lost,
        };
#endif
    }

    internal static T? Inner<T>(Exception failure)
        where T : Exception
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is T found)
            {
                return found;
            }
        }

        return null;
    }
}
