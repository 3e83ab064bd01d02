using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>Messages to contacts and what comes back. Refuses what the real service refuses.</summary>
internal sealed partial class Delivery(ServiceState state, CancellationToken stopping)
{
    private const int UnknownError = 500;
    private const int IdentityError = 433;
    private const int OutsideWindow = 470;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Takes a message from a node.</summary>
    public void Take(NumberRecord number, ClientSession session, Frame frame)
    {
        var id = frame.Id ?? "";
        lock (state.Gate)
        {
            session.Send(new Frame { Type = "accepted", Id = id });
            if (number.Messages.TryGetValue(id, out var earlier))
            {
                number.Duplicates.Add(new DuplicateMessage("id", id, earlier.Client, session.Client, state.Clock.Now));
                return;
            }

            var message = new SentMessage
            {
                Id = id,
                Number = number.Number,
                Client = session.Client,
                Node = session.Node,
                Contact = frame.Recipient ?? "",
                Type = (string?)frame.Payload?["type"] ?? "text",
                Text = (string?)frame.Payload?["text"]?["body"],
                At = state.Clock.Now,
            };
            number.Messages[id] = message;
            NoteToken(number, message);
            if (Refusal(number, session, frame, message) is { } error)
            {
                message.Status = "failed";
                message.ErrorCode = error.Code;
                Raise(number, message.Contact, StatusPayload(message, error));
                return;
            }

            _ = DeliverAsync(number, message);
        }
    }

    public void Acknowledge(NumberRecord number, long sequence)
    {
        lock (state.Gate)
        {
            number.Pending.Remove(sequence);
        }
    }

    /// <summary>Sends a new connection what waited for it.</summary>
    public static void Flush(NumberRecord number, ClientSession session)
    {
        foreach (var waiting in number.Pending.Values.Where(item => SlotOf(number, item.Contact) == session.Slot))
        {
            session.Send(EventFrame(waiting));
        }
    }

    /// <summary>A contact writes to the number.</summary>
    public string Inbound(NumberRecord number, Contact contact, string text) =>
        Inbound(number, contact, "text", new JsonObject { ["body"] = text });

    /// <summary>The same with content of any type; media carries its bytes as base64 in <c>data</c>.</summary>
    public string Inbound(NumberRecord number, Contact contact, string type, JsonObject content)
    {
        lock (state.Gate)
        {
            var id = "ABGG" + Guid.NewGuid().ToString("N")[..24].ToUpperInvariant();
            number.LastInbound[contact.Id] = state.Clock.Now;
            Raise(number, contact.Id, new JsonObject
            {
                ["contacts"] = new JsonArray(new JsonObject
                {
                    ["profile"] = new JsonObject { ["name"] = contact.Name },
                    ["wa_id"] = contact.Id,
                }),
                ["messages"] = new JsonArray(new JsonObject
                {
                    ["from"] = contact.Id,
                    ["id"] = id,
                    ["timestamp"] = Seconds(),
                    ["type"] = type,
                    [type] = content,
                }),
            });
            return id;
        }
    }

    [GeneratedRegex(@"token=([A-Za-z0-9_-]+)")]
    private static partial Regex TokenPattern();

    private static string SlotOf(NumberRecord number, string contact) =>
        Sharding.Slot(Sharding.Of(contact, number.Shards));

    private static Frame EventFrame(PendingEvent pending) =>
        new() { Type = "event", Sequence = pending.Sequence, Payload = (JsonObject)pending.Payload.DeepClone() };

    private void NoteToken(NumberRecord number, SentMessage message)
    {
        foreach (var token in TokenPattern().Matches(message.Text ?? "").Select(match => match.Groups[1].Value))
        {
            if (!number.Tokens.TryAdd(token, message.Client))
            {
                number.Duplicates.Add(new DuplicateMessage("token", token, number.Tokens[token], message.Client, state.Clock.Now));
            }
        }
    }

    private (int Code, string Title)? Refusal(NumberRecord number, ClientSession session, Frame frame, SentMessage message)
    {
        if (session.IdentityKey != number.IdentityKey)
        {
            number.KeyErrors++;
            return (IdentityError, "Message failed: it is not signed by the identity key of this number");
        }

        var key = (session.IdentityKey, message.Contact);
        var counter = frame.Counter ?? 0;
        if (number.Counters.TryGetValue(key, out var last) && counter <= last)
        {
            number.CounterErrors++;
            return (UnknownError, "Message failed: its counter was used before");
        }

        number.Counters[key] = counter;
        var open = number.LastInbound.TryGetValue(message.Contact, out var inbound) && state.Clock.Now - inbound < Window;
        return message.Type == "template" || open
            ? null
            : (OutsideWindow, "Message failed to send because more than 24 hours have passed since the customer last replied to this number");
    }

    private async Task DeliverAsync(NumberRecord number, SentMessage message)
    {
        var contact = ContactOf(message.Contact);
        await StepAsync(number, message, "sent", TimeSpan.FromSeconds(1));
        if (!contact.Delivers)
        {
            return;
        }

        await StepAsync(number, message, "delivered", TimeSpan.FromSeconds(2));
        if (contact.Reads)
        {
            await StepAsync(number, message, "read", TimeSpan.FromSeconds(5));
        }

        if (contact.Reply is { } reply)
        {
            Inbound(number, contact, reply);
        }
    }

    private async Task StepAsync(NumberRecord number, SentMessage message, string status, TimeSpan after)
    {
        await state.Clock.DelayAsync(after, stopping);
        lock (state.Gate)
        {
            message.Status = status;
            Raise(number, message.Contact, StatusPayload(message, error: null));
        }
    }

    private Contact ContactOf(string id)
    {
        lock (state.Gate)
        {
            return state.Contacts.TryGetValue(id, out var known) ? known : new Contact(id);
        }
    }

    private JsonObject StatusPayload(SentMessage message, (int Code, string Title)? error)
    {
        var status = new JsonObject
        {
            ["id"] = message.Id,
            ["recipient_id"] = message.Contact,
            ["status"] = message.Status,
            ["timestamp"] = Seconds(),
        };
        if (error is { } problem)
        {
            status["errors"] = new JsonArray(new JsonObject { ["code"] = problem.Code, ["title"] = problem.Title });
        }

        return new JsonObject { ["statuses"] = new JsonArray(status) };
    }

    private static void Raise(NumberRecord number, string contact, JsonObject payload)
    {
        var pending = new PendingEvent(number.NextEvent++, contact, payload);
        number.Pending[pending.Sequence] = pending;
        if (number.Sessions.TryGetValue(SlotOf(number, contact), out var session))
        {
            session.Send(EventFrame(pending));
        }
    }

    private string Seconds() => state.Clock.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
