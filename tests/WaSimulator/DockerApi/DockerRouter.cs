using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace WaSimulator.DockerApi;

/// <summary>Finds the operation for a request; checks the API version; writes refusals in the engine's form.</summary>
internal sealed partial class DockerRouter(EmbeddedDockerHostOptions options, DockerRules rules)
{
    private readonly List<(string Method, Regex Path, Func<DockerCall, Task> Operation)> _routes = [];

    /// <summary>Braces name a part: <c>{id}</c> ends at a slash, <c>{name*}</c> may hold slashes, as image names do.</summary>
    public void Map(string method, string path, Func<DockerCall, Task> operation)
    {
        var pattern = PartPattern().Replace(path, part => part.Groups["rest"].Success
            ? $"(?<{part.Groups["name"].Value}>.+)"
            : $"(?<{part.Groups["name"].Value}>[^/]+)");
        _routes.Add((method, new Regex($"^{pattern}$"), operation));
    }

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Api-Version"] = options.ApiVersion;
        context.Response.Headers["Docker-Experimental"] = "false";
        context.Response.Headers["Ostype"] = "linux";
        context.Response.Headers.Server = $"Docker/{options.EngineVersion} (linux)";
        try
        {
            var path = CheckVersion(context.Request.Path.Value ?? "/");
            await rules.ApplyAsync(context.Request.Method, path, options.TimeProvider, context.RequestAborted);
            foreach (var (method, pattern, operation) in _routes)
            {
                if (method == context.Request.Method && pattern.Match(path) is { Success: true } match)
                {
                    var parts = match.Groups.Values.Where(g => g.Name is not "0").ToDictionary(g => g.Name, g => Uri.UnescapeDataString(g.Value));
                    await operation(new DockerCall(context, parts));
                    return;
                }
            }

            throw new DockerError(404, "page not found");
        }
        catch (DockerError refused) when (!context.Response.HasStarted)
        {
            await new DockerCall(context, new Dictionary<string, string>()).JsonAsync(
                new JsonObject { ["message"] = refused.Message }, refused.Status);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away from a stream or a wait; there is nobody to answer.
            context.Abort();
        }
    }

    private string CheckVersion(string path)
    {
        if (VersionPattern().Match(path) is not { Success: true } match)
        {
            return path;
        }

        var asked = Parse(match.Groups["version"].Value);
        if (asked > Parse(options.ApiVersion))
        {
            throw DockerError.BadParameter(
                $"client version {match.Groups["version"].Value} is too new. Maximum supported API version is {options.ApiVersion}");
        }

        return asked < Parse(options.MinApiVersion)
            ? throw DockerError.BadParameter(
                $"client version {match.Groups["version"].Value} is too old. Minimum supported API version is {options.MinApiVersion}, please upgrade your client to a newer version")
            : path[match.Groups["prefix"].Length..];
    }

    private static Version Parse(string version) => Version.Parse(version.Contains('.', StringComparison.Ordinal)
        ? version
        : string.Create(CultureInfo.InvariantCulture, $"{version}.0"));

    [GeneratedRegex(@"^(?<prefix>/v(?<version>\d+(\.\d+)?))/")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\{(?<name>\w+)(?<rest>\*)?\}")]
    private static partial Regex PartPattern();
}
