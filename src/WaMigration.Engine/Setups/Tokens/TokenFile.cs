using System.Globalization;
using System.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Tokens;

/// <summary>
/// The file that a token is kept in: whose it is and how long it lives, readable; the token and the login of the session
/// that backed it up, sealed under its password.
/// </summary>
internal static class TokenFile
{
    private static readonly SealedFile File = new(
        "WaMigration.Token",
        1,
        new SealedFileErrors(
            TokenErrors.TokenFileMissing,
            TokenErrors.TokenFileNotRecognised,
            TokenErrors.TokenFileFormatNewer,
            TokenErrors.TokenFileDamaged,
            TokenErrors.WrongTokenFilePassword));

    /// <summary>Makes the content of a file.</summary>
    internal static byte[] Seal(WaTokenBackup backup, KeptToken kept, SecureString password)
    {
        var header = new JsonObject
        {
            ["setup"] = backup.Setup,
            ["userName"] = backup.UserName,
            ["expiresAt"] = backup.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture),
            ["createdAt"] = backup.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        };
        var secret = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["token"] = kept.Token.Reveal(),
            ["sessionUser"] = kept.SessionUser,
            ["sessionPassword"] = kept.SessionPassword?.Reveal(),
        });
        try
        {
            return File.Seal(header, secret, password);
        }
        finally
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }

    /// <summary>Opens the file: proves that it is whole, that this is its password, and that its header is the one it was sealed with.</summary>
    internal static Task<(WaTokenBackup Backup, KeptToken Kept)> ReadAsync(string path, SecureString password, Operation operation)
    {
        operation.Cancellation.ThrowIfCancellationRequested();

        // The key takes a noticeable time to derive by design; never on a caller's thread.
        return Task.Run(() => Read(path, password), operation.Cancellation);
    }

    private static (WaTokenBackup Backup, KeptToken Kept) Read(string path, SecureString password)
    {
        var content = File.Read(path);
        var plain = File.Open(content, password);
        try
        {
            if (JsonNode.Parse(plain) is not JsonObject secret || secret.Text("token") is not { Length: > 0 } token)
            {
                throw File.Incomplete(path);
            }

            return (BackupOf(content), new KeptToken(
                Secret.Conceal(token),
                secret.Text("sessionUser"),
                secret.Text("sessionPassword") is { } login ? Secret.Conceal(login) : null));
        }
        catch (JsonException failure)
        {
            throw File.Incomplete(path, failure);
        }
        finally
        {
            Array.Clear(plain, 0, plain.Length);
        }
    }

    private static WaTokenBackup BackupOf(SealedContent content) => new(
        content.Path,
        content.Header.Text("setup") ?? string.Empty,
        content.Header.Text("userName"),
        Time(content.Header.Text("expiresAt")),
        Time(content.Header.Text("createdAt")) ?? throw File.Incomplete(content.Path),
        content.Sha256);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
}

/// <summary>What the file keeps: a token, and with which login its session goes on.</summary>
internal sealed record KeptToken(SecureString Token, string? SessionUser, SecureString? SessionPassword);
