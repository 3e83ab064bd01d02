namespace WaLab.RealDocker;

/// <summary>
/// The vendor's own compose files, unchanged (github WhatsApp/WhatsApp-Business-API-Setup-Scripts, folder installation; their
/// licence is beside them): those beside this program, or those of the folder that <c>WA_VENDOR_COMPOSE</c> names.
/// </summary>
public static class VendorCompose
{
    /// <summary>One Webapp and one Coreapp on one host.</summary>
    public const string SingleInstance = "prod-docker-compose.yml";

    /// <summary>One Webapp, one Coreapp and one Master on every host.</summary>
    public const string Multiconnect = "prod-multiconnect-compose.yml";

    /// <summary>The file of that name.</summary>
    /// <exception cref="Servers.LabServerMissingException">It is not in the folder that the variable names.</exception>
    public static string Find(string name)
    {
        if (Environment.GetEnvironmentVariable("WA_VENDOR_COMPOSE") is { Length: > 0 } given)
        {
            var other = Path.Combine(given, name);
            return File.Exists(other)
                ? other
                : throw new Servers.LabServerMissingException($"WA_VENDOR_COMPOSE names {given}, where {name} is not.");
        }

        var file = Path.Combine(AppContext.BaseDirectory, "RealDocker", "Vendor", name);
        return File.Exists(file) ? file : throw new FileNotFoundException($"The vendor's {name} belongs beside this program.", file);
    }
}
