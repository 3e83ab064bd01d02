using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WaMigration.Containers;
using WaMigration.Containers.Docker;
using WaMigration.Engine.Tests.Migrations;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.Containers;

public sealed class DockerTransportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_TLS_both_sides_show_certificates_of_the_same_authority()
    {
        using var folder = new TemporaryFolder();
        using var authority = Authority("authority");
        using var server = Issue(authority, "localhost", address: IPAddress.Loopback);
        await using var host = await ListenAsync(server, authority);
        Write(folder, authority, authority);

        var docker = DockerHosts.Connect(host.TcpAddress!, folder.Path, TimeSpan.FromSeconds(20));

        Assert.Empty(await docker.ListContainersAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_of_another_authority_or_name_and_a_client_that_nobody_knows_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var authority = Authority("authority");
        using var stranger = Authority("stranger");
        using var named = Issue(authority, "elsewhere.example", address: null);
        await using var host = await ListenAsync(named, authority);
        Write(folder, authority, authority);
        Assert.Equal("DockerHostUnreachable", (await FailAsync(host, folder.Path)).ErrorId);

        using var server = Issue(authority, "localhost", IPAddress.Loopback);
        await using var second = await ListenAsync(server, authority);
        Write(folder, stranger, authority);
        Assert.Equal("DockerHostUnreachable", (await FailAsync(second, folder.Path)).ErrorId);
        Write(folder, authority, stranger);
        Assert.Equal("DockerHostUnreachable", (await FailAsync(second, folder.Path)).ErrorId);
        Assert.Equal("DockerHostUnreachable", (await FailAsync(second, null)).ErrorId);
    }

    [Fact]
    public void A_folder_without_usable_certificates_is_refused_before_anything_is_sent()
    {
        using var folder = new TemporaryFolder();
        var address = new Uri("tcp://127.0.0.1:2376");

        Assert.Equal("DockerCertificateUnusable", Assert.Throws<WaException>(() => DockerHosts.Connect(address, folder.Path, TimeSpan.FromSeconds(1))).ErrorId);
        foreach (var name in new[] { "ca.pem", "cert.pem", "key.pem" })
        {
            File.WriteAllText(folder.File(name), "no certificate");
        }

        Assert.Equal("DockerCertificateUnusable", Assert.Throws<WaException>(() => DockerHosts.Connect(address, folder.Path, TimeSpan.FromSeconds(1))).ErrorId);
        Assert.Equal("DockerCertificateUnusable", Assert.Throws<WaException>(() => DockerHosts.Connect(new Uri("https://127.0.0.1:2376"), null, TimeSpan.FromSeconds(1))).ErrorId);
    }

    [Fact]
    public async Task Over_SSH_the_programs_input_and_output_are_the_connection()
    {
        using var folder = new TemporaryFolder();
        await using var host = await EmbeddedDockerHost.StartAsync(
            new EmbeddedDockerHostOptions { Tcp = new IPEndPoint(IPAddress.Loopback, 0), NodeFactory = (spec, _, _, log, files) => new QuietNode(spec, log, files) }, Cancellation);
        var program = folder.File("ssh");
        await File.WriteAllTextAsync(
            program,
            $"""
            #!/bin/bash
            echo "$@" >> {folder.File("arguments")}
            exec 3<>/dev/tcp/127.0.0.1/{host.TcpAddress!.Port}
            cat <&3 &
            cat >&3
            """,
            Cancellation);
        MakeExecutable(program);
        var address = new Uri("ssh://admin@docker.example:2222");
        var docker = new DockerNetHost(address, new SshTransport(address, program), TimeSpan.FromSeconds(20));

        Assert.Empty(await docker.ListContainersAsync(Cancellation));

        Assert.Equal(
            "-T -o BatchMode=yes -o ConnectTimeout=30 -l admin -p 2222 -- docker.example docker system dial-stdio",
            (await File.ReadAllLinesAsync(folder.File("arguments"), Cancellation))[0]);
    }

    [Fact]
    public async Task What_ssh_says_when_it_fails_is_the_reason()
    {
        using var folder = new TemporaryFolder();
        var program = folder.File("ssh");
        await File.WriteAllTextAsync(program, "#!/bin/bash\necho 'Host key verification failed.' >&2\nexit 255\n", Cancellation);
        MakeExecutable(program);
        var address = new Uri("ssh://docker.example");

        var error = await Assert.ThrowsAsync<WaException>(() =>
            new DockerNetHost(address, new SshTransport(address, program), TimeSpan.FromSeconds(20)).ListContainersAsync(Cancellation));
        Assert.Equal("DockerHostUnreachable", error.ErrorId);

        error = await Assert.ThrowsAsync<WaException>(() =>
            new DockerNetHost(address, new SshTransport(address, folder.File("missing")), TimeSpan.FromSeconds(20)).ListContainersAsync(Cancellation));
        Assert.Equal("DockerHostUnreachable", error.ErrorId);
    }

    private static void MakeExecutable(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The stand-in for ssh is a shell script.");
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Task<WaException> FailAsync(EmbeddedDockerHost host, string? folder) => Assert.ThrowsAsync<WaException>(() =>
        DockerHosts.Connect(host.TcpAddress!, folder, TimeSpan.FromSeconds(20)).ListContainersAsync(Cancellation));

    private static Task<EmbeddedDockerHost> ListenAsync(X509Certificate2 server, X509Certificate2 authority) => EmbeddedDockerHost.StartAsync(
        new EmbeddedDockerHostOptions
        {
            Tcp = new IPEndPoint(IPAddress.Loopback, 0),
            ServerCertificate = server,
            ClientCa = authority,
            NodeFactory = (spec, _, _, log, files) => new QuietNode(spec, log, files),
        },
        Cancellation);

    private static void Write(TemporaryFolder folder, X509Certificate2 trusted, X509Certificate2 issuer)
    {
        using var client = Issue(issuer, "client", null);
        using var key = client.GetRSAPrivateKey()!;
        File.WriteAllText(folder.File("ca.pem"), trusted.ExportCertificatePem());
        File.WriteAllText(folder.File("cert.pem"), client.ExportCertificatePem());
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, IPAddress? address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var pair = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
