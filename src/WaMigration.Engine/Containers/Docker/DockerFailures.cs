using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;

namespace WaMigration.Containers.Docker;

/// <summary>The one table from the Docker library's failures to this project's errors.</summary>
internal static class DockerFailures
{
    /// <summary>What the request was about, for the message.</summary>
    internal static WaException Translate(Exception failure, Uri host, string target) => failure switch
    {
        WaException known => known,
        DockerContainerNotFoundException => ContainerErrors.ContainerMissing.Error(target, failure, [], host),
        DockerApiException { StatusCode: HttpStatusCode.Conflict } refused when SaysNameTaken(refused) =>
            ContainerErrors.ContainerNameTaken.Error(target, failure, [], host, Said(refused)),
        DockerApiException refused when SaysPortTaken(refused) =>
            ContainerErrors.PortTaken.Error(target, failure, [], host, Said(refused)),
        DockerApiException refused => ContainerErrors.DockerRefused.Error(target, failure, [], host, Said(refused)),
        _ => ContainerErrors.DockerHostUnreachable.Error(host.ToString(), failure, [], Innermost(failure)),
    };

    /// <summary>Failures that say something about the connection or the answer, and are no defect of this program.</summary>
    internal static bool IsExpected(Exception failure) => failure
        is WaException or DockerApiException or HttpRequestException or IOException or SocketException or TimeoutException
        or AuthenticationException or OperationCanceledException or ObjectDisposedException
        or UnauthorizedAccessException or InvalidDataException
        || failure.GetType().Namespace?.StartsWith("Newtonsoft.Json", StringComparison.Ordinal) == true;

    /// <summary>The engine's own words, out of <c>{"message":"…"}</c> where it is that.</summary>
    internal static string Said(DockerApiException refused)
    {
        try
        {
            if (JsonNode.Parse(refused.ResponseBody ?? string.Empty) is JsonObject answer && answer["message"] is JsonValue message)
            {
                return message.ToString().Trim();
            }
        }
        catch (JsonException)
        {
            // A proxy's page: it is shown as it came.
        }

        return $"{(int)refused.StatusCode} {refused.ResponseBody}".Trim();
    }

    private static bool SaysNameTaken(DockerApiException refused) =>
        Said(refused).Has("already in use by container");

    private static bool SaysPortTaken(DockerApiException refused)
    {
        var said = Said(refused);
        return said.Has("port is already allocated")
            || said.Has("address already in use");
    }

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message;
    }
}
