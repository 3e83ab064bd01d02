using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>Calls that a Master or Coreapp answers.</summary>
internal sealed class ForwardedHandlers(Cluster cluster, WebStore store, SimClock clock, WebApi api)
{
    private static readonly (string Method, string Path)[] PrimaryCalls =
    [
        ("GET", "/v1/settings/application"),
        ("PATCH", "/v1/settings/application"),
        ("DELETE", "/v1/settings/application"),
        ("POST", "/v1/settings/backup"),
        ("POST", "/v1/settings/restore"),
        ("GET", "/v1/settings/application/media/providers"),
        ("POST", "/v1/settings/application/media/providers"),
        ("DELETE", "/v1/settings/application/media/providers/{name}"),
        ("POST", "/v1/account"),
        ("POST", "/v1/account/verify"),
        ("GET", "/v1/account/shards"),
        ("POST", "/v1/account/shards"),
        ("GET", "/v1/certificates/webhooks/ca"),
        ("POST", "/v1/certificates/webhooks/ca"),
        ("DELETE", "/v1/certificates/webhooks/ca"),
    ];

    private static readonly (string Method, string Path)[] CoreappCalls =
    [
        ("POST", "/v1/settings/account/two-step"),
        ("DELETE", "/v1/settings/account/two-step"),
        ("GET", "/v1/settings/business/profile"),
        ("POST", "/v1/settings/business/profile"),
        ("GET", "/v1/settings/profile/about"),
        ("PATCH", "/v1/settings/profile/about"),
        ("GET", "/v1/settings/profile/photo"),
        ("POST", "/v1/settings/profile/photo"),
        ("DELETE", "/v1/settings/profile/photo"),
        ("PUT", "/v1/services/message/gc"),
    ];

    public void Map()
    {
        foreach (var (method, path) in PrimaryCalls)
        {
            api.ForAdmins(method, path, web => cluster.ToPrimaryAsync(web.Call));
        }

        foreach (var (method, path) in CoreappCalls)
        {
            api.ForAdmins(method, path, web => cluster.ToAnyCoreappAsync(web.Call));
        }

        api.ForUsers("POST", "/v1/messages", web => SendAsync(web.Call));
        api.ForUsers("POST", "/v1/media", web => cluster.ToAnyCoreappAsync(web.Call));
        api.ForUsers("GET", "/v1/media/{id}", web => cluster.ToAnyCoreappAsync(web.Call));
        api.ForUsers("DELETE", "/v1/media/{id}", web => cluster.ToAnyCoreappAsync(web.Call));
        api.ForUsers("POST", "/v1/contacts", web => ContactsAsync(web.Call));
    }

    private Task<ApiAnswer> SendAsync(ApiCall call) => cluster.ToOwnerAsync(call, ApiJson.Required(call.Json, "to"));

    private async Task<ApiAnswer> ContactsAsync(ApiCall call)
    {
        var answer = await cluster.ToAnyCoreappAsync(call);
        if (answer.Status == 200)
        {
            foreach (var contact in ApiJson.Object(answer.Body)["contacts"] as JsonArray ?? [])
            {
                if ((string?)contact?["wa_id"] is { } id)
                {
                    await store.PutContactAsync(id, clock.Now.ToUnixTimeSeconds(), call.Aborted);
                }
            }
        }

        return answer;
    }
}
