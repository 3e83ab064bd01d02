using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Security;

/// <summary>
/// A kind of file that a secret is kept in: a header that anybody may read, and the secret sealed under a password. The
/// header is bound into the seal, so it cannot be changed; a checksum over both tells a damaged file from a wrong password.
/// </summary>
/// <param name="Format">What the file says it is.</param>
/// <param name="Version">The newest version that is understood.</param>
/// <param name="Errors">What is thrown, in the words of its area.</param>
internal sealed record SealedFile(string Format, int Version, SealedFileErrors Errors)
{
    private static readonly TextCatalog Text = new("WaMigration.Security.SealedFile");

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes the content of a file.</summary>
    internal byte[] Seal(JsonObject header, byte[] secret, SecureString password)
    {
        var box = PasswordBox.Seal(secret, password.Reveal(), Context(header));
        var sealedText = Convert.ToBase64String(box);
        var file = new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["header"] = header,
            ["data"] = sealedText,
            ["sha256"] = Checksum(header, sealedText),
        };
        return Encoding.UTF8.GetBytes(file.ToJsonString(Json) + "\n");
    }

    /// <summary>Reads what it says of itself. Whether it is whole is checked; who wrote it is not.</summary>
    internal SealedContent Read(string path)
    {
        var bytes = Load(path);
        var text = Encoding.UTF8.GetString(bytes);
        JsonObject? file;
        try
        {
            file = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException failure)
        {
            throw bytes.Length == 0 || text.Has(Format)
                ? Errors.Damaged.Error(path, failure, [], Text["DamagedCut"])
                : Errors.NotRecognised.Error(path, failure, []);
        }

        if (file?.Text("format") != Format)
        {
            throw Errors.NotRecognised.Error(path);
        }

        if (file.Number("version") is { } version && version > Version)
        {
            throw Errors.FormatNewer.Error(path, version, Version);
        }

        if (file.Object("header") is not { } header || file.Text("data") is not { } data || file.Text("sha256") is not { } sum)
        {
            throw Incomplete(path);
        }

        if (!string.Equals(sum, Checksum(header, data), StringComparison.Ordinal))
        {
            throw Errors.Damaged.Error(path, Text["DamagedSum"]);
        }

        try
        {
            return new SealedContent(path, header, Convert.FromBase64String(data), Sha256.Hex(bytes));
        }
        catch (FormatException failure)
        {
            throw Incomplete(path, failure);
        }
    }

    /// <summary>Proves that this is its password, and that its header is the one it was sealed with.</summary>
    internal byte[] Open(SealedContent content, SecureString password)
    {
        try
        {
            return PasswordBox.Open(content.Box, password.Reveal(), Context(content.Header)) ?? throw Errors.WrongPassword.Error(content.Path);
        }
        catch (InvalidDataException failure)
        {
            throw Incomplete(content.Path, failure);
        }
    }

    /// <summary>The file is whole, and yet something is missing in it.</summary>
    internal WaException Incomplete(string path, Exception? cause = null) => Errors.Damaged.Error(path, cause, [], Text["DamagedInside"]);

    private byte[] Load(string path)
    {
        try
        {
            return PrivateFiles.ReadShared(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.Missing.Error(path, failure, []);
        }
    }

    /// <summary>The header in one spelling, whatever white space an editor left in the file.</summary>
    private string Context(JsonObject header) => Format + "/" + Version.ToString(CultureInfo.InvariantCulture) + "\n" + header.ToJsonString();

    private string Checksum(JsonObject header, string sealedText) =>
        Sha256.Hex(Encoding.UTF8.GetBytes(Context(header) + "\n" + sealedText));
}

/// <summary>The errors of one kind of sealed file.</summary>
internal sealed record SealedFileErrors(WaErrorKind Missing, WaErrorKind NotRecognised, WaErrorKind FormatNewer, WaErrorKind Damaged, WaErrorKind WrongPassword);

/// <summary>A file that is whole, and still sealed.</summary>
internal sealed record SealedContent(string Path, JsonObject Header, byte[] Box, string Sha256);
