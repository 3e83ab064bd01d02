using System.Globalization;
using System.Security.Cryptography;
using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>The database server of a client from the vendor's files, as its <c>db.env</c> names it.</summary>
/// <param name="Engine">PGSQL or MYSQL.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The account.</param>
/// <param name="Password">Its password.</param>
public sealed record VendorDatabase(string Engine, int Port, string User, string Password)
{
    /// <summary>The name that the vendor's own file gives the server.</summary>
    public const string Host = "db";

    /// <summary>What its databases begin with: a server may have those of several clients.</summary>
    public string NamePrefix { get; } = "acme" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)) + "_";

    /// <summary>The lines of db.env, in the order of the vendor's own.</summary>
    internal Dictionary<string, string> Lines => new()
    {
        ["WA_DB_ENGINE"] = Engine,
        ["WA_DB_HOSTNAME"] = Host,
        ["WA_DB_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["WA_DB_USERNAME"] = User,
        ["WA_DB_PASSWORD"] = Password,
        ["WA_DB_CONNECTION_IDLE_TIMEOUT"] = "180000",
        ["WA_DB_NAME_PREFIX"] = NamePrefix,
    };

    /// <summary>A PostgreSQL server that the hosts reach.</summary>
    public static VendorDatabase Of(LabPostgres server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new VendorDatabase("PGSQL", server.Port, LabPostgres.User, server.Password);
    }

    /// <summary>A MariaDB server that the hosts reach.</summary>
    public static VendorDatabase Of(LabMariaDb server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new VendorDatabase("MYSQL", server.Port, LabMariaDb.User, server.Password);
    }
}
