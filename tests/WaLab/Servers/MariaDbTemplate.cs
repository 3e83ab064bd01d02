using System.Security.Cryptography;
using System.Text;

namespace WaLab.Servers;

/// <summary>
/// A data folder made once and kept in the cache: copying it takes a tenth of making it. Its root account has no
/// password, so it is only ever started with a first statement that gives it one.
/// </summary>
internal static class MariaDbTemplate
{
    private static readonly string[] Options =
    [
        "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
        "--innodb-log-file-size=16M", "--innodb-use-native-aio=0", "--character-set-server=utf8mb4",
    ];

    /// <summary>Puts a fresh data folder into <paramref name="folder"/>.</summary>
    public static async Task CopyAsync(MariaDbBinaries binaries, ServerUser user, string folder, CancellationToken cancellationToken)
    {
        var template = await EnsureAsync(binaries, user, folder, cancellationToken);
        await LabCommand.RunAsync(
            "cp", ["-a", "--reflink=auto", template, Path.Combine(folder, "data")], cancellationToken: cancellationToken);
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
    }

    private static async Task<string> EnsureAsync(
        MariaDbBinaries binaries, ServerUser user, string folder, CancellationToken cancellationToken)
    {
        var version = await LabCommand.RunAsync(binaries.Server, ["--version"], binaries.ProcessEnvironment, "/", cancellationToken);
        var key = Convert.ToHexString(SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', [version, binaries.Root, user.Name, .. Options]))))[..16];
        var template = Path.Combine(LabFolders.Cache, "mariadb-template-" + key);
        await using var once = await LabLock.TakeAsync("mariadb-template", cancellationToken);
        if (Directory.Exists(template))
        {
            return template;
        }

        // Made where the server's user may write, then moved.
        var fresh = Path.Combine(folder, "template");
        Directory.CreateDirectory(fresh);
        await user.OwnAsync(folder, cancellationToken);
        string[] command =
        [
            .. user.Prefix, binaries.Installer, .. Options, "--basedir=" + binaries.Root, "--lc-messages-dir=" + binaries.Share,
            "--datadir=" + fresh,
        ];
        await LabCommand.RunAsync(command[0], command[1..], binaries.ProcessEnvironment, "/", cancellationToken);
        var staged = template + ".new";
        if (Directory.Exists(staged))
        {
            Directory.Delete(staged, recursive: true);
        }

        await LabCommand.RunAsync("cp", ["-a", fresh, staged], cancellationToken: cancellationToken);
        Directory.Delete(fresh, recursive: true);
        Directory.Move(staged, template);
        return template;
    }
}
