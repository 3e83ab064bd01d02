namespace WaLab.RealDocker;

/// <summary>
/// The vendor's own compose files, which are not part of this repository: the folder named by <c>WA_VENDOR_COMPOSE</c>,
/// or <c>shared/vendor-compose</c> beside a folder that this program is in.
/// </summary>
public static class VendorCompose
{
    /// <summary>One Webapp and one Coreapp on one host.</summary>
    public const string SingleInstance = "prod-docker-compose.yml";

    /// <summary>One Webapp, one Coreapp and one Master on every host.</summary>
    public const string Multiconnect = "prod-multiconnect-compose.yml";

    /// <summary>The file of that name.</summary>
    /// <exception cref="Servers.LabServerMissingException">It is not here.</exception>
    public static string Find(string name)
    {
        if (Environment.GetEnvironmentVariable("WA_VENDOR_COMPOSE") is { Length: > 0 } given)
        {
            var file = Path.Combine(given, name);
            return File.Exists(file)
                ? file
                : throw new Servers.LabServerMissingException($"WA_VENDOR_COMPOSE names {given}, where {name} is not.");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "vendor-compose", name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new Servers.LabServerMissingException(
            $"The vendor's {name} is missing: take it from github WhatsApp/WhatsApp-Business-API-Setup-Scripts, folder installation, and name its folder by WA_VENDOR_COMPOSE.");
    }
}
