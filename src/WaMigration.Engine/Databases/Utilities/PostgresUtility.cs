using System.Globalization;
using WaMigration.Security;

namespace WaMigration.Databases.Utilities;

/// <summary>pg_dump and psql. The dump is SQL, and is restored in one transaction: all of it or nothing.</summary>
internal sealed class PostgresUtility(WaDatabaseServer server, UtilityProgram dumper, UtilityProgram restorer, bool includeOwner) : IUtility
{
    internal static readonly string[] Dumpers = ["pg_dump"];

    internal static readonly string[] Restorers = ["psql"];

    public UtilityProgram Dumper => dumper;

    public UtilityProgram Restorer => restorer;

    public bool Replaces => false;

    public UtilityCall Dump(string database) => Call(
        dumper,
        ["--format=plain", "--encoding=UTF8", "--no-password", "--lock-wait-timeout=60000", .. includeOwner ? (string[])[] : ["--no-owner", "--no-privileges"]],
        database);

    public UtilityCall Restore(string database) => Call(
        restorer,
        ["--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"],
        database);

    private UtilityCall Call(UtilityProgram program, IReadOnlyList<string> arguments, string database)
    {
        var password = server.Password.Reveal();
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = server.Server,
            ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = server.UserName,
            ["PGPASSWORD"] = password,
            ["PGDATABASE"] = database,
            ["PGAPPNAME"] = "WaMigration",
            ["PGCLIENTENCODING"] = "UTF8",
            ["PGSSLMODE"] = server.SslMode switch
            {
                WaSslMode.Disable => "disable",
                WaSslMode.Require => "require",
                WaSslMode.VerifyCa => "verify-ca",
                WaSslMode.VerifyFull => "verify-full",
                _ => "prefer",
            },
            ["LC_ALL"] = "C",
        };
        if (server.SslMode is WaSslMode.VerifyCa or WaSslMode.VerifyFull)
        {
            environment["PGSSLROOTCERT"] = UtilityCertificates.File(server);
        }

        return new UtilityCall(program.Path, arguments, environment, password);
    }
}
