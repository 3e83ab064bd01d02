using System.Globalization;

namespace WaLab.Servers;

/// <summary>
/// The user a server runs as. Database servers refuse to run as root, so root hands them to an ordinary system user.
/// </summary>
/// <param name="Name">The user's name.</param>
/// <param name="Prefix">The command that becomes that user and then runs what follows; empty for ourselves.</param>
internal sealed record ServerUser(string Name, IReadOnlyList<string> Prefix)
{
    public static ServerUser Choose()
    {
        if (!LabFolders.IsRoot)
        {
            return new ServerUser(Environment.UserName, []);
        }

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToList();
        var account = accounts.FirstOrDefault(a => a[0] == "postgres") ?? accounts.FirstOrDefault(a => a[0] == "nobody")
            ?? throw new LabServerMissingException("Running as root, and there is no user postgres or nobody to run PostgreSQL as: run as an ordinary user.");
        var setpriv = LabCommand.Find("setpriv")
            ?? throw new LabServerMissingException("Running as root, and setpriv (package util-linux) is missing: install it or run as an ordinary user.");
        return new ServerUser(
            account[0],
            [
                setpriv, "--reuid", Number(account[2]), "--regid", Number(account[3]), "--clear-groups", "--",
            ]);

        static string Number(string text) =>
            int.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gives a folder with all that is in it to the user; nothing to do where that is ourselves.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (Prefix.Count > 0)
        {
            await LabCommand.RunAsync("chown", ["-R", Name + ":", folder], cancellationToken: cancellationToken);
        }
    }
}
