using System.Text;
using WaMigration.Containers.Docker;
using WaMigration.Security;

namespace WaMigration.Containers;

/// <summary>
/// Reads the certificate that a Webapp made for itself over the Docker connection, which is trusted, and pins it, so
/// that nobody has to switch the check off.
/// </summary>
internal static class WebappCertificate
{
    /// <summary>Where a Webapp keeps it: its web server's usual place. Assumed; the vendor never documented it.</summary>
    internal const string Path = "/etc/lighttpd/server.pem";

    /// <summary>Pins the certificate of every Webapp of the setup.</summary>
    /// <returns>The thumbprints (SHA-256).</returns>
    internal static async Task<IReadOnlyList<string>> PinAsync(WaSetup setup, Operation operation)
    {
        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        return await PinAsync(setup, inventory.OfRole(WaNodeRole.Webapp).ToList(), operation).ConfigureAwait(false);
    }

    internal static async Task<IReadOnlyList<string>> PinAsync(WaSetup setup, IReadOnlyList<ClientContainer> webapps, Operation operation)
    {
        var pinned = new List<string>();
        foreach (var webapp in webapps)
        {
            var thumbprint = await ReadAsync(webapp, operation).ConfigureAwait(false);
            if (thumbprint is null)
            {
                operation.Console.Warning(ContainerText.Catalog.Format("NoCertificate", webapp.Name, Path));
                continue;
            }

            setup.Connections.Pin(thumbprint);
            pinned.Add(thumbprint);
            operation.Console.Verbose(ContainerText.Catalog.Format("Pinned", webapp.Name, thumbprint));
        }

        return pinned;
    }

    /// <summary>Of the file, which holds the private key, too, only the certificate is kept.</summary>
    private static async Task<string?> ReadAsync(ClientContainer webapp, Operation operation)
    {
        var file = await webapp.Host.ReadFileAsync(webapp.Detail.Id, Path, operation.Cancellation).ConfigureAwait(false);
        if (file is null)
        {
            return null;
        }

        try
        {
            return Pem.Read(Encoding.ASCII.GetString(file), "CERTIFICATE") is { } certificate ? Sha256.Hex(certificate) : null;
        }
        finally
        {
            Array.Clear(file, 0, file.Length);
        }
    }
}
