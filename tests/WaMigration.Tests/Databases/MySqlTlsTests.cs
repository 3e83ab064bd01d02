using System.Globalization;
using MySqlConnector;
using WaLab.Servers;
using WaLab.Webhooks;

namespace WaMigration.Tests.Databases;

/// <summary>Servers of MariaDB and MySQL that take encrypted sessions alone, under a certificate of an authority that is trusted, or is not.</summary>
public sealed class MySqlTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("MariaDb")]
    [InlineData("MySql")]
    public async Task Certificates_are_verified_by_the_module_and_by_the_tools(string engine)
    {
        using var authority = new LabCertificates();
        using var other = new LabCertificates("another authority");
        var folder = Directory.CreateTempSubdirectory("wamigration-tls-");
        try
        {
            var (trusted, strange) = await WriteAsync(folder.FullName, authority, other);
            string[] settings = ["--ssl-ca=" + trusted, "--ssl-cert=" + Path.Combine(folder.FullName, "cert.pem"), "--ssl-key=" + Path.Combine(folder.FullName, "key.pem")];
            await using ILabDatabaseServer server = engine == "MariaDb"
                ? await LabMariaDb.StartAsync(cancellationToken: Cancellation, more: settings)
                : await LabMySql.StartAsync(cancellationToken: Cancellation, more: settings);
            await ExecuteAsync(server, "CREATE DATABASE a_messageStore", "CREATE TABLE a_messageStore.m (id int PRIMARY KEY)", "INSERT INTO a_messageStore.m VALUES (1), (2)", "SET GLOBAL require_secure_transport = ON");
            var tools = Path.Combine(folder.FullName, "tools");
            if (engine == "MariaDb")
            {
                await MariaDbTools.PublishAsync(tools, Cancellation);
            }
            else
            {
                (await MySqlBinaries.EnsureAsync(_ => { }, Cancellation)).Publish(tools, "bin/mysqldump", "bin/mysql");
            }

            string Copy(string mode, string to, string more = "") => string.Create(
                CultureInfo.InvariantCulture,
                $"-DatabaseEngine {engine} -DatabaseServer localhost -DatabasePort {server.Port} -DatabaseCredential $login -NamePrefix a_ -DatabaseSslMode {mode} -DestinationServer localhost -DestinationPort {server.Port} -DestinationCredential $login -DestinationNamePrefix {to}_ -DestinationSslMode {mode} {more}");
            var script =
                $$"""
                function Try-Copy([scriptblock] $copy) { try { & $copy | ForEach-Object { "$($_.Rows) $($_.State)" } } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }
                Try-Copy { Copy-WaDatabase {{Copy("Disable", "n")}} }
                Try-Copy { Copy-WaDatabase {{Copy("Require", "r")}} }
                Try-Copy { Copy-WaDatabase {{Copy("VerifyCa", "c")}} }
                Try-Copy { Copy-WaDatabase {{Copy("VerifyFull", "f")}} }
                Try-Copy { Copy-WaDatabase {{Copy("VerifyFull", "t", "-Method Utility -UtilityPath " + tools)}} }
                """;

            var plain = engine == "MariaDb" ? "DatabaseLoginRefused" : "DatabaseReadFailed";
            Assert.Equal([plain, "2 Verified", "2 Verified", "2 Verified", "2 Verified"], await RunAsync(server, script, trusted));
            await ExecuteAsync(server, "DROP DATABASE r_messageStore", "DROP DATABASE c_messageStore", "DROP DATABASE f_messageStore", "DROP DATABASE t_messageStore");
            Assert.Equal([plain, "2 Verified", "DatabaseUnreachable", "DatabaseUnreachable", "DatabaseUnreachable"], await RunAsync(server, script, strange));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string[]> RunAsync(ILabDatabaseServer server, string script, string authorities)
    {
        var login = new MySqlConnectionStringBuilder(server.ConnectionString(string.Empty));

        // What a process trusts is read once, when it begins.
        using var process = ModuleProcess.Start(login.UserID, login.Password, script, environment: [("SSL_CERT_FILE", authorities)]);
        return (await ModuleProcess.MustEndAsync(process)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The server runs as another user, who must be able to read them.</summary>
    private static async Task<(string Trusted, string Strange)> WriteAsync(string folder, LabCertificates authority, LabCertificates other)
    {
        using var certificate = authority.IssueServer();
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        foreach (var (name, text) in new[] { ("ca.pem", authority.AuthorityPem), ("other.pem", other.AuthorityPem), ("cert.pem", certificate.ExportCertificatePem()), ("key.pem", key.ExportPkcs8PrivateKeyPem()) })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, Cancellation);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        }

        return (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "other.pem"));
    }

    private static async Task ExecuteAsync(ILabDatabaseServer server, params string[] statements)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(server.ConnectionString(string.Empty)) { SslMode = MySqlSslMode.Required }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // Tests give constants.
            await using var command = new MySqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
