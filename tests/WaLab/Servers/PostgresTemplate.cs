using System.Security.Cryptography;
using System.Text;

namespace WaLab.Servers;

/// <summary>
/// A data folder made once by initdb and kept in the cache: copying it takes a tenth of making it. Its password is kept
/// beside it for the owner alone, and every server changes it at its start.
/// </summary>
internal static class PostgresTemplate
{
    // Small log segments keep the copy small; C collation sorts alike on every machine.
    private static readonly string[] Options =
    [
        "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--wal-segsize=1", "--no-sync",
    ];

    /// <summary>Puts a fresh data folder into <paramref name="folder"/> and returns its superuser's password.</summary>
    public static async Task<string> CopyAsync(
        PostgresBinaries binaries, ServerUser user, string folder, CancellationToken cancellationToken)
    {
        var template = await EnsureAsync(binaries, user, folder, cancellationToken);
        await LabCommand.RunAsync(
            "cp", ["-a", "--reflink=auto", Path.Combine(template, "data"), Path.Combine(folder, "data")], cancellationToken: cancellationToken);
        Directory.CreateDirectory(Path.Combine(folder, "s"));
        await user.OwnAsync(folder, cancellationToken);
        LabFolders.SetMode(folder, LabFolders.Passable);
        return await File.ReadAllTextAsync(Path.Combine(template, "password"), cancellationToken);
    }

    private static async Task<string> EnsureAsync(
        PostgresBinaries binaries, ServerUser user, string folder, CancellationToken cancellationToken)
    {
        var initdb = Path.Combine(binaries.Folder, "initdb");
        var version = await LabCommand.RunAsync(
            initdb, ["--version"], binaries.ProcessEnvironment, "/", cancellationToken);
        var key = Convert.ToHexString(SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', [version, binaries.Folder, user.Name, .. Options]))))[..16];
        var template = Path.Combine(LabFolders.Cache, "postgres-template-" + key);
        if (Directory.Exists(template))
        {
            return template;
        }

        // Made where the server's user may write, then moved; whoever is first wins.
        var fresh = Directory.CreateDirectory(Path.Combine(folder, "template")).FullName;
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        var passwordFile = Path.Combine(fresh, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        LabFolders.SetMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await user.OwnAsync(folder, cancellationToken);
        string[] command =
        [
            .. user.Prefix, initdb, .. Options, "--pwfile=" + passwordFile, "--pgdata=" + Path.Combine(fresh, "data"),
        ];
        await LabCommand.RunAsync(command[0], command[1..], binaries.ProcessEnvironment, "/", cancellationToken);

        var staged = template + ".new-" + Guid.NewGuid().ToString("N")[..6];
        await LabCommand.RunAsync("cp", ["-a", fresh, staged], cancellationToken: cancellationToken);
        Directory.Delete(fresh, recursive: true);
        try
        {
            Directory.Move(staged, template);
        }
        catch (IOException) when (Directory.Exists(template))
        {
            Directory.Delete(staged, recursive: true);
        }

        return template;
    }
}
