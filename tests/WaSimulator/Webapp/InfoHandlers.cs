using System.Text.Json.Nodes;
using WaSimulator.Api;

namespace WaSimulator.Webapp;

/// <summary>Health, support information, statistics and metrics.</summary>
internal sealed class InfoHandlers(string version, Cluster cluster, WebApi api)
{
    private const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";

    public void Map()
    {
        api.ForMonitors("GET", "/v1/health", HealthAsync);
        api.ForAdmins("GET", "/v1/support", SupportAsync);
        api.ForMonitors("GET", "/v1/stats/app", web => StatisticsAsync(web, "app"));
        api.ForMonitors("GET", "/v1/stats/db", web => StatisticsAsync(web, "db"));
        api.ForMonitors("GET", "/metrics", _ => Task.FromResult(Metrics()));
    }

    private async Task<ApiAnswer> HealthAsync(WebCall web)
    {
        var health = await cluster.AskAllAsync("/internal/health", web.Call.Aborted);
        return ApiAnswer.Ok(version, new JsonObject { ["health"] = health });
    }

    private async Task<ApiAnswer> SupportAsync(WebCall web)
    {
        var support = await cluster.AskAllAsync("/internal/support", web.Call.Aborted);
        return ApiAnswer.Ok(version, new JsonObject { ["support"] = support });
    }

    private async Task<ApiAnswer> StatisticsAsync(WebCall web, string kind)
    {
        var statistics = await cluster.AskAllAsync("/internal/stats/" + kind, web.Call.Aborted);
        if ((string?)web.Call.Parameters["format"] == "prometheus")
        {
            return ApiAnswer.Text(200, PrometheusType, Prometheus.Text(statistics, cluster.IsMulti));
        }

        return ApiAnswer.Ok(version, new JsonObject { ["stats"] = new JsonObject { [kind] = statistics } });
    }

    private ApiAnswer Metrics() => ApiAnswer.Text(200, PrometheusType, Prometheus.Text(
        new JsonObject
        {
            ["web_api_requests_total"] = Counter("Requests to the web server", api.Requests),
            ["web_api_errors_total"] = Counter("Requests that were answered with an error", api.Refused),
        },
        byNode: false));

    private static JsonObject Counter(string help, long value) => new()
    {
        ["help"] = help,
        ["type"] = "counter",
        ["data"] = new JsonArray(new JsonObject { ["labels"] = new JsonObject(), ["value"] = value }),
    };
}
