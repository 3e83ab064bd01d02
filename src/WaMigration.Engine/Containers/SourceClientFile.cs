using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Security;

namespace WaMigration.Containers;

/// <summary>
/// The file with the definitions of a client that is about to go, sealed under a password. Without it there is no way
/// back, so it is written, read back and compared before the first container goes, and one that is there and covers
/// what is left is never written over by a partial one.
/// </summary>
internal static class SourceClientFile
{
    private const string Context = "WaMigration source client 1";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Makes sure that the file holds these containers.</summary>
    /// <returns>What is in it.</returns>
    /// <exception cref="WaException">DefinitionsUnreadable, DefinitionsOfAnother, DefinitionsNotWritten.</exception>
    internal static SourceClient Ensure(string path, SecureString password, WaSetup setup, SourceClient client, IReadOnlyList<ClientContainer> containers, Operation operation)
    {
        if (File.Exists(path))
        {
            var kept = Read(path, password);
            var missing = kept.NotCovered(containers);
            if (missing.Count > 0)
            {
                throw ClientErrors.DefinitionsOfAnother.Error(path, setup.Name, string.Join(", ", missing));
            }

            // An earlier run may have been cut off before it wrote this down.
            if (setup.Journal.Last(JournalKinds.DefinitionsWritten, setup.Name) is null)
            {
                NoteWritten(path, setup, kept, operation);
            }

            return kept;
        }

        if (!operation.May(path, ContainerText.Catalog.Format("PlanDefinitions", client.Containers.Count)))
        {
            return client;
        }

        Write(path, password, client);
        var written = Read(path, password);
        if (written.NotCovered(containers).Count > 0 || written.Containers.Count != client.Containers.Count)
        {
            throw ClientErrors.DefinitionsNotWritten.Error(path);
        }

        NoteWritten(path, setup, written, operation);
        return written;
    }

    private static void NoteWritten(string path, WaSetup setup, SourceClient client, Operation operation) => operation.Note(
        setup,
        JournalKinds.DefinitionsWritten,
        ("path", path),
        ("containers", string.Join(", ", client.Containers.Select(saved => saved.Definition.Name))));

    internal static SourceClient Read(string path, SecureString password)
    {
        try
        {
            var plain = PasswordBox.Open(PrivateFiles.ReadShared(path), password.Reveal(), Context)
                ?? throw ClientErrors.DefinitionsUnreadable.Error(path);
            try
            {
                var client = JsonSerializer.Deserialize<SourceClient>(plain, Json);
                return client is { Format: SourceClient.CurrentFormat } ? client : throw ClientErrors.DefinitionsUnreadable.Error(path);
            }
            finally
            {
                Array.Clear(plain, 0, plain.Length);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or CryptographicException or UnauthorizedAccessException or IOException)
        {
            throw ClientErrors.DefinitionsUnreadable.Error(path, failure, [], failure.Message);
        }
    }

    private static void Write(string path, SecureString password, SourceClient client)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(client, Json);
        try
        {
            PrivateFiles.Replace(path, PasswordBox.Seal(plain, password.Reveal(), Context));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ClientErrors.DefinitionsNotWritten.Error(path, failure, [], failure.Message);
        }
        finally
        {
            Array.Clear(plain, 0, plain.Length);
        }
    }
}
