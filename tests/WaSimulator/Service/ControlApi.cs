using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>For tests and the lab: seeding and asserting. No client ever calls it.</summary>
internal sealed class ControlApi(ServiceState state, Delivery delivery, ClientApi clients)
{
    public void Map(RouteTable<Func<ApiCall, Task<ApiAnswer>>> routes)
    {
        routes.Add("GET", "/control/state", _ => Task.FromResult(State()));
        routes.Add("GET", "/control/log", call => Task.FromResult(Log(call)));
        routes.Add("GET", "/control/messages", call => Task.FromResult(Messages(call)));
        routes.Add("POST", "/control/numbers", RegisterAsync);
        routes.Add("POST", "/control/numbers/{number}/remove", call => Task.FromResult(Remove(call)));
        routes.Add("POST", "/control/contacts", call => Task.FromResult(PutContacts(call)));
        routes.Add("POST", "/control/inbound", call => Task.FromResult(Inbound(call)));
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, ApiJson.Options);

    private static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(Node)]);

    private ApiAnswer State()
    {
        lock (state.Gate)
        {
            return ApiAnswer.Json(200, new JsonObject
            {
                ["numbers"] = Array(state.Numbers.Values.Select(StateOf)),
                ["unregistered"] = Array(state.Lobby.Select(session => new { session.Client, session.Node, session.Nodes, session.Shards })),
            });
        }
    }

    private static object StateOf(NumberRecord number) => new
    {
        number.Number,
        number.Name,
        number.Registered,
        number.RegistrationId,
        number.RegisteredAt,
        number.Shards,
        number.IdentityKey,
        number.IdentityUploads,
        number.SecurityCodeChanges,
        TwoStep = number.PinHash is not null,
        number.Removed,
        number.Renewed,
        number.RegistrationAttempts,
        number.Restores,
        number.Kicks,
        number.KeyErrors,
        number.CounterErrors,
        DuplicateMessages = number.Duplicates.Count,
        number.Duplicates,
        number.Client,
        Connected = number.Sessions.Values.Select(session => new { session.Client, session.Node, session.Slot, session.IdentityKey, session.Since }),
        MessagesSent = number.Messages.Count,
        EventsWaiting = number.Pending.Count,
        number.About,
        number.BusinessProfile,
    };

    private ApiAnswer Log(ApiCall call)
    {
        var after = long.TryParse(call.Parameters["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        var kind = (string?)call.Parameters["kind"];
        var entries = state.LogSince(after).Where(entry => kind is null || entry.Kind == kind);
        return ApiAnswer.Json(200, new JsonObject { ["log"] = Array(entries) });
    }

    private ApiAnswer Messages(ApiCall call)
    {
        var wanted = (string?)call.Parameters["number"];
        lock (state.Gate)
        {
            var messages = state.Numbers.Values
                .Where(number => wanted is null || number.Number == wanted)
                .SelectMany(number => number.Messages.Values)
                .OrderBy(message => message.At);
            return ApiAnswer.Json(200, new JsonObject { ["messages"] = Array(messages) });
        }
    }

    private async Task<ApiAnswer> RegisterAsync(ApiCall call)
    {
        var number = ApiJson.Required(call.Json, "number");
        var client = ApiJson.Optional(call.Json, "client");
        var nodes = (call.Json["nodes"] as JsonArray)?.Select(node => (string)node!).ToList() ?? [];
        var wait = TimeSpan.FromMilliseconds((int?)call.Json["waitMs"] ?? 0);
        using var limit = new CancellationTokenSource(wait, state.Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, call.Aborted);
        while (true)
        {
            Task changed;
            ClientSession? session;
            lock (state.Gate)
            {
                session = Find(client, nodes);
                changed = state.LobbyChanged.Task;
            }

            if (session is not null && await RegisterAsync(call, number, session))
            {
                return Registered(number, session);
            }

            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new ApiException(ApiErrors.NotFound, "No unregistered client matches; GET /control/state lists those that are there");
            }
        }
    }

    /// <summary>A client is named by its id, by one of its nodes (container id or host name), or not at all if there is one only.</summary>
    private ClientSession? Find(string? client, List<string> nodes)
    {
        if (client is null && nodes.Count == 0)
        {
            return state.Lobby.Count == 1 ? state.Lobby[0] : null;
        }

        return state.Lobby.FirstOrDefault(session =>
            session.Client == client || session.Nodes.Append(session.Node).Any(node => nodes.Exists(wanted => Names(node, wanted))));
    }

    private static bool Names(string node, string wanted)
    {
        var parts = node.Split(':');
        return node == wanted || parts[0] == wanted || (parts.Length > 1 && wanted.Length >= 12 && parts[1] == wanted[..12]);
    }

    /// <summary>
    /// Registers the number, and waits until the client has uploaded its identity key. False when the client left
    /// before it did (another Master became the primary one): then the registration never happened.
    /// </summary>
    private async Task<bool> RegisterAsync(ApiCall call, string digits, ClientSession session)
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        NumberRecord record;
        lock (state.Gate)
        {
            record = state.Numbers.TryGetValue(digits, out var known) ? known : new NumberRecord(digits);
            if (record.Registered)
            {
                throw new ApiException(ApiErrors.AlreadyExists, $"{digits} is registered");
            }

            record.CountryCode = ApiJson.Optional(call.Json, "countryCode") ?? digits[..1];
            record.Name = ApiJson.Optional(call.Json, "name") ?? "Test business";
            record.Certificate = ApiJson.Optional(call.Json, "certificate") ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(96));
            record.Registered = true;
            record.ExpectIdentity();
            record.RegistrationId = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            record.SecretHash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
            record.RegisteredAt = state.Clock.Now;
            record.Shards = session.Shards;
            state.Numbers[digits] = record;
        }

        session.Send(new Frame
        {
            Type = "registered",
            Number = digits,
            Secret = secret,
            Shards = record.Shards,
            Payload = new JsonObject
            {
                ["countryCode"] = record.CountryCode,
                ["name"] = record.Name,
                ["registrationId"] = record.RegistrationId,
            },
        });
        await Task.WhenAny(record.IdentityUploaded, session.Left);
        lock (state.Gate)
        {
            if (!record.IdentityUploaded.IsCompleted)
            {
                record.Registered = false;
                return false;
            }
        }

        state.Write(LogKinds.Registered, digits, session, "seeded");
        return true;
    }

    private ApiAnswer Registered(string digits, ClientSession session)
    {
        lock (state.Gate)
        {
            var record = state.Numbers[digits];
            return ApiAnswer.Json(201, new JsonObject
            {
                ["number"] = digits,
                ["registrationId"] = record.RegistrationId,
                ["certificate"] = record.Certificate,
                ["client"] = session.Client,
                ["shards"] = record.Shards,
            });
        }
    }

    private ApiAnswer Remove(ApiCall call)
    {
        lock (state.Gate)
        {
            clients.Remove(Known(call.Values["number"]), "by the control API");
        }

        return ApiAnswer.Json(200, new JsonObject());
    }

    private ApiAnswer PutContacts(ApiCall call)
    {
        lock (state.Gate)
        {
            foreach (var item in call.Json["contacts"] as JsonArray ?? [])
            {
                var contact = item.Deserialize<Contact>(ApiJson.Options)
                    ?? throw new ApiException(ApiErrors.ParameterInvalid, "contacts: an object was expected");
                state.Contacts[contact.Id] = contact;
                // "openFor" names numbers that the contact wrote to just now, without a message being delivered.
                foreach (var number in item!["openFor"] as JsonArray ?? [])
                {
                    Known((string)number!).LastInbound[contact.Id] = state.Clock.Now;
                }
            }
        }

        return ApiAnswer.Json(200, new JsonObject());
    }

    private ApiAnswer Inbound(ApiCall call)
    {
        var from = ApiJson.Required(call.Json, "from");
        var type = ApiJson.Optional(call.Json, "type") ?? "text";
        var content = type == "text"
            ? new JsonObject { ["body"] = ApiJson.Required(call.Json, "text") }
            : new JsonObject { ["mime_type"] = ApiJson.Required(call.Json, "mimeType"), ["data"] = ApiJson.Required(call.Json, "data") };
        lock (state.Gate)
        {
            var contact = state.Contacts.TryGetValue(from, out var known) ? known : new Contact(from);
            var id = delivery.Inbound(Known(ApiJson.Required(call.Json, "number")), contact, type, content);
            return ApiAnswer.Json(201, new JsonObject { ["id"] = id });
        }
    }

    private NumberRecord Known(string digits) =>
        state.Numbers.TryGetValue(digits, out var number)
            ? number
            : throw new ApiException(ApiErrors.NotFound, $"{digits} is not known");
}
