namespace WaSimulator.Storage;

/// <summary>The schemas of the client's databases, by client version.</summary>
internal static class Schemas
{
    /// <summary>The databases of Coreapp and Master.</summary>
    public static IReadOnlyList<StoreSchema> Core(string clientVersion)
    {
        // v2.41.2 indexed message_receipt_log; v2.53 widened the message table.
        var message = Version.Parse(clientVersion) switch
        {
            var version when version >= new Version(2, 53) => 12,
            var version when version >= new Version(2, 41, 2) => 11,
            _ => 10,
        };
        return [Axolotl, Callback, Cluster, Config, Contact, Jobqueue, Message(message)];
    }

    public static StoreSchema Web { get; } = Fixed(
        StoreNames.Web,
        4,
        "create table users (id {id}, username varchar(32) not null unique, password varchar(255) not null, roles varchar(255) not null)",
        "create table tokens (token varchar(1024) not null unique, username varchar(32) not null)",
        "create index tokens_username on tokens (username)",
        "create table contacts (wa_id varchar(256) primary key, name {text}, joined {bool} not null default true, timestamp bigint not null)",
        "create table certs (hostname varchar(256) not null, cert {text}, ca_cert {text}, cert_type varchar(256) not null, primary key (hostname, cert_type))");

    private static StoreSchema Axolotl { get; } = Fixed(
        StoreNames.Axolotl,
        7,
        "create table local_identity (id integer primary key, registration_id integer not null, public_key {blob} not null, private_key {blob} not null, created_at bigint not null)",
        "create table identities (recipient_id varchar(64) not null, device_id integer not null, public_key {blob} not null, first_seen bigint not null, primary key (recipient_id, device_id))",
        "create table sessions (recipient_id varchar(64) not null, device_id integer not null, record {blob} not null, counter bigint not null, updated_at bigint not null, primary key (recipient_id, device_id))",
        "create table prekeys (prekey_id integer primary key, record {blob} not null, uploaded {bool} not null default true)",
        "create table signed_prekeys (prekey_id integer primary key, record {blob} not null, created_at bigint not null)",
        "create table sender_keys (group_id varchar(128) not null, sender_id varchar(64) not null, record {blob} not null, primary key (group_id, sender_id))");

    private static StoreSchema Callback { get; } = Fixed(
        StoreNames.Callback,
        5,
        "create table callbacks (id {id}, event_id varchar(128) not null unique, shard integer not null, payload {text} not null, created_at bigint not null, attempts integer not null default 0, next_attempt_at bigint not null, last_error varchar(255))",
        "create index callbacks_due on callbacks (shard, next_attempt_at)");

    private static StoreSchema Cluster { get; } = Fixed(
        StoreNames.Cluster,
        6,
        "create table nodes (hostname varchar(255) not null, port integer not null, container_name varchar(64) primary key)",
        "create table cluster_info (ckey varchar(64) primary key, hostname varchar(255) not null, port integer not null, state varchar(64) not null, schema_version {blob})",
        "create table shard_map (lower_bound integer not null, upper_bound integer not null, type integer not null, hostname varchar(255) not null, port integer not null, primary key (lower_bound, upper_bound, type))",
        "create table node_heartbeat (container_name varchar(64) primary key, role varchar(32) not null, state varchar(32) not null, beat_at bigint not null)",
        "create table cluster_state (skey varchar(64) primary key, svalue varchar(255) not null, until_at bigint not null default 0)");

    private static StoreSchema Config { get; } = Fixed(
        StoreNames.Config,
        9,
        "create table settings (skey varchar(128) primary key, svalue {text} not null, updated_at bigint not null)",
        "create table registration (id integer primary key, number varchar(32) not null, country_code varchar(8) not null, vname varchar(255) not null, registration_id integer not null, secret {blob} not null, shards integer not null, registered_at bigint not null, restored_at bigint)",
        "create table webhook_ca (id integer primary key, pem {text} not null, updated_at bigint not null)",
        "create table media_providers (name varchar(64) primary key, type varchar(32) not null, config {text} not null)");

    private static StoreSchema Contact { get; } = Fixed(
        StoreNames.Contact,
        4,
        "create table contacts (wa_id varchar(64) primary key, display_name {text}, is_whatsapp_user {bool} not null, last_inbound_at bigint, checked_at bigint not null)",
        "create index contacts_checked on contacts (checked_at)");

    private static StoreSchema Jobqueue { get; } = Fixed(
        StoreNames.Jobqueue,
        3,
        "create table jobs (id {id}, message_id varchar(64) not null unique, shard integer not null, recipient_id varchar(64) not null, payload {text} not null, created_at bigint not null, attempts integer not null default 0)",
        "create index jobs_shard on jobs (shard, id)");

    private static StoreSchema Message(int version)
    {
        const string Receipts = "create index message_receipt_log_message on message_receipt_log (message_id)";
        const string Category = "alter table messages add column category varchar(32)";
        List<string> statements =
        [
            "create table messages (id {id}, message_id varchar(64) not null unique, from_me {bool} not null, contact_id varchar(64) not null, type varchar(32) not null, body {text}, status varchar(16) not null, created_at bigint not null, updated_at bigint not null)",
            "create index messages_contact on messages (contact_id, created_at)",
            "create table message_receipt_log (id {id}, message_id varchar(64) not null, contact_id varchar(64) not null, status varchar(16) not null, received_at bigint not null, unique (message_id, status))",
            "create table media (media_id varchar(64) primary key, message_id varchar(64), path varchar(1024) not null, mime_type varchar(128) not null, size_bytes bigint not null, created_at bigint not null, foreign key (message_id) references messages (message_id) on delete cascade)",
        ];
        if (version >= 11)
        {
            statements.Add(Receipts);
        }

        if (version >= 12)
        {
            statements.Add(Category);
        }

        return new StoreSchema(
            StoreNames.Message,
            version,
            statements,
            new Dictionary<int, IReadOnlyList<string>> { [11] = [Receipts], [12] = [Category] });
    }

    private static StoreSchema Fixed(string name, int version, params string[] statements) =>
        new(name, version, statements, new Dictionary<int, IReadOnlyList<string>>());
}
