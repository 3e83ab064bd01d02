using WaSimulator.Storage;

namespace WaSimulator.Webapp;

/// <summary>waweb: users, tokens, contacts, certificates.</summary>
internal sealed class WebStore(IStore store)
{
    public async Task EnsureAdminAsync(string passwordHash, CancellationToken cancellationToken) => await store.InsertMissingAsync(
        "users", ["username"], [("username", "admin"), ("password", passwordHash), ("roles", WebUser.AdminRole)], cancellationToken);

    public Task<WebUser?> UserAsync(string name, CancellationToken cancellationToken) => store.FirstAsync(
        "select username, password, roles from users where username = @name",
        reader => new WebUser(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
        cancellationToken,
        ("name", name));

    public Task<bool> AddUserAsync(string name, string passwordHash, CancellationToken cancellationToken) => store.InsertMissingAsync(
        "users", ["username"], [("username", name), ("password", passwordHash), ("roles", WebUser.UserRole)], cancellationToken);

    public async Task<bool> SetPasswordAsync(string name, string passwordHash, CancellationToken cancellationToken) =>
        await store.ExecuteAsync(
            "update users set password = @password where username = @name", cancellationToken, ("password", passwordHash), ("name", name)) == 1;

    /// <summary>Deletes the user and its tokens.</summary>
    public Task<bool> DeleteUserAsync(string name, CancellationToken cancellationToken) => store.TransactAsync(
        async session =>
        {
            await session.ExecuteAsync("delete from tokens where username = @name", cancellationToken, ("name", name));
            return await session.ExecuteAsync("delete from users where username = @name", cancellationToken, ("name", name)) == 1;
        },
        cancellationToken);

    public Task AddTokenAsync(string token, string name, CancellationToken cancellationToken) => store.ExecuteAsync(
        "insert into tokens (token, username) values (@token, @name)", cancellationToken, ("token", token), ("name", name));

    /// <summary>The user of a token that is on record; a token alone, however well signed, is not enough.</summary>
    public Task<WebUser?> UserOfTokenAsync(string token, CancellationToken cancellationToken) => store.FirstAsync(
        "select u.username, u.password, u.roles from tokens t join users u on u.username = t.username where t.token = @token",
        reader => new WebUser(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
        cancellationToken,
        ("token", token));

    public Task RemoveTokenAsync(string token, CancellationToken cancellationToken) =>
        store.ExecuteAsync("delete from tokens where token = @token", cancellationToken, ("token", token));

    public Task PutContactAsync(string id, long timestamp, CancellationToken cancellationToken) => store.UpsertAsync(
        "contacts", [("wa_id", id)], [("joined", true), ("timestamp", timestamp)], cancellationToken);

    public Task PutCertificateAsync(string hostname, string certificate, string authorities, CancellationToken cancellationToken) =>
        store.UpsertAsync(
            "certs",
            [("hostname", hostname), ("cert_type", "external")],
            [("cert", certificate), ("ca_cert", authorities)],
            cancellationToken);

    public Task<StoredCertificate?> CertificateAsync(string hostname, CancellationToken cancellationToken) => store.FirstAsync(
        "select cert, ca_cert from certs where hostname = @hostname and cert_type = 'external'",
        reader => new StoredCertificate(reader.GetString(0), reader.GetString(1)),
        cancellationToken,
        ("hostname", hostname));
}

/// <summary>A row of users.</summary>
internal sealed record WebUser(string Name, string PasswordHash, string Roles)
{
    public const string AdminRole = "ROLE_ADMIN";
    public const string UserRole = "ROLE_USER";

    public bool IsAdmin => Roles.Split(',').Contains(AdminRole);
}

/// <summary>An external certificate with its key, and its authorities, PEM.</summary>
internal sealed record StoredCertificate(string CertificateAndKey, string Authorities);
