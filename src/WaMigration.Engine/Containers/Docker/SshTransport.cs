using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace WaMigration.Containers.Docker;

/// <summary>
/// Docker over SSH, as Docker's own client does it: <c>ssh user@host docker system dial-stdio</c>, whose standard input
/// and output are the connection. Keys and known hosts are those of the ssh on this machine; it never asks anything.
/// </summary>
internal sealed class SshTransport : IDockerTransport
{
    private readonly string program;
    private readonly string arguments;

    internal SshTransport(Uri address, string program = "ssh")
    {
        // A name that begins with a dash would be taken for an option, and quotes would end the argument.
        var user = Uri.UnescapeDataString(address.UserInfo);
        if (address.Host.Length == 0 || address.Host[0] == '-' || user.StartsWith("-", StringComparison.Ordinal)
            || user.IndexOfAny(['"', '\\', ' ', ':', '\'']) >= 0 || address.AbsolutePath.Length > 1)
        {
            throw ContainerErrors.DockerSchemeNotSupported.Error(address.ToString(), ContainerText.Catalog["SshAddress"]);
        }

        this.program = program;
        arguments = string.Join(" ", Arguments(address));
    }

    public Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            },
        };
        try
        {
            process.Start();
            return Task.FromResult<Stream>(new ProcessStream(process));
        }
        catch (Win32Exception failure)
        {
            process.Dispose();
            throw new IOException(ContainerText.Catalog.Format("SshMissing", program), failure);
        }
    }

    private static IEnumerable<string> Arguments(Uri address)
    {
        yield return "-T -o BatchMode=yes -o ConnectTimeout=30";
        if (address.UserInfo.Length > 0)
        {
            yield return "-l " + Uri.UnescapeDataString(address.UserInfo);
        }

        if (address.Port > 0)
        {
            yield return "-p " + address.Port.ToString(CultureInfo.InvariantCulture);
        }

        yield return "-- " + address.DnsSafeHost + " docker system dial-stdio";
    }
}
