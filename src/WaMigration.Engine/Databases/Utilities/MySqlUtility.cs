using System.Globalization;
using System.Text;
using WaMigration.Security;

namespace WaMigration.Databases.Utilities;

/// <summary>
/// mysqldump and mysql, or mariadb-dump and mariadb. The password stands in an option file for this user alone; no other
/// option file is read.
/// </summary>
internal sealed class MySqlUtility(WaDatabaseServer server, WaDatabaseEngine engine, UtilityProgram dumper, UtilityProgram restorer, bool isEncrypted) : IUtility
{
    public UtilityProgram Dumper => dumper;

    public UtilityProgram Restorer => restorer;

    /// <summary>A dump drops each thing before it makes it.</summary>
    public bool Replaces => true;

    private bool IsMariaDb => engine == WaDatabaseEngine.MariaDb;

    internal static string[] Dumpers(WaDatabaseEngine engine) => engine == WaDatabaseEngine.MariaDb ? ["mariadb-dump", "mysqldump"] : ["mysqldump"];

    internal static string[] Restorers(WaDatabaseEngine engine) => engine == WaDatabaseEngine.MariaDb ? ["mariadb", "mysql"] : ["mysql"];

    public UtilityCall Dump(string database) => Call(
        dumper,
        [
            "--single-transaction", "--quick", "--routines", "--events", "--triggers", "--hex-blob", "--no-tablespaces", "--skip-comments", "--max-allowed-packet=1G", "--default-character-set=utf8mb4",
            .. IsMariaDb ? (string[])[] : ["--set-gtid-purged=OFF", "--column-statistics=0"],
            database,
        ]);

    public UtilityCall Restore(string database) => Call(restorer, ["--batch", "--binary-mode", "--max-allowed-packet=1G", "--default-character-set=utf8mb4", database]);

    private UtilityCall Call(UtilityProgram program, IReadOnlyList<string> arguments)
    {
        var password = server.Password.Reveal();
        var options = Path.Combine(Path.GetTempPath(), "wamigration-" + Guid.NewGuid().ToString("N") + ".cnf");
        var text = new StringBuilder("[client]\n");
        text.Append("host=").Append(Quote(server.Server)).Append('\n');
        text.Append("port=").Append(server.Port.ToString(CultureInfo.InvariantCulture)).Append("\nprotocol=TCP\n");
        text.Append("user=").Append(Quote(server.UserName)).Append('\n');
        text.Append("password=").Append(Quote(password)).Append('\n');
        foreach (var line in Encryption())
        {
            text.Append(line).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        using (var file = PrivateFiles.Open(options, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes, 0, bytes.Length);
        }

        // A login path is read even so, and would win: one that is not there is named.
        var environment = new Dictionary<string, string> { ["MYSQL_TEST_LOGIN_FILE"] = options + ".none", ["LC_ALL"] = "C" };
        return new UtilityCall(program.Path, ["--defaults-file=" + options, .. arguments], environment, password, options);
    }

    private IEnumerable<string> Encryption()
    {
        if (!IsMariaDb)
        {
            yield return "ssl-mode=" + server.SslMode switch
            {
                WaSslMode.Disable => "DISABLED",
                WaSslMode.Require => "REQUIRED",
                WaSslMode.VerifyCa => "VERIFY_CA",
                WaSslMode.VerifyFull => "VERIFY_IDENTITY",
                _ => "PREFERRED",
            };
            if (server.SslMode is WaSslMode.VerifyCa or WaSslMode.VerifyFull)
            {
                yield return "ssl-ca=" + Quote(UtilityCertificates.File(server));
            }

            // Without encryption a password is only safe under the server's key, which has to be asked for.
            if (server.SslMode is WaSslMode.Disable or WaSslMode.Prefer)
            {
                yield return "get-server-public-key";
            }

            yield break;
        }

        switch (server.SslMode)
        {
            case WaSslMode.VerifyCa:
                // It knows only both checks together.
                throw UtilityErrors.UtilityCannot.Error(server.ToString(), nameof(WaSslMode.VerifyCa));
            case WaSslMode.VerifyFull:
                yield return "ssl";
                yield return "ssl-ca=" + Quote(UtilityCertificates.File(server));
                yield return "ssl-verify-server-cert";
                break;
            default:
                yield return isEncrypted ? "ssl" : "skip-ssl";
                yield return "skip-ssl-verify-server-cert";
                break;
        }
    }

    private static string Quote(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t") + "\"";
}
