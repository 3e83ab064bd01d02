namespace WaLab.Servers;

/// <summary>MariaDB's own dump tools and mydumper, from Debian's packages: unpacked once a machine where they are not installed.</summary>
public static class MariaDbTools
{
    private static readonly string[] Programs = ["mariadb-dump", "mariadb", "mydumper", "myloader"];

    /// <summary>Puts them into a folder under their own names.</summary>
    /// <exception cref="LabServerMissingException">They are not here and cannot be had.</exception>
    public static async Task PublishAsync(string folder, CancellationToken cancellationToken = default)
    {
        var (root, libraries) = await EnsureAsync(cancellationToken);
        Directory.CreateDirectory(folder);
        foreach (var program in Programs)
        {
            var unpacked = Path.Combine(root, "usr/bin", program);
            var path = File.Exists(unpacked) ? unpacked : LabCommand.Find(program) ?? throw new LabServerMissingException($"{program} is missing.");
            var file = Path.Combine(folder, program);
            await File.WriteAllTextAsync(file, $"#!/bin/sh\nLD_LIBRARY_PATH='{libraries}' exec '{path}' \"$@\"\n", cancellationToken);
            LabFolders.SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<(string Root, string Libraries)> EnsureAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(LabFolders.Cache, "mariadb-tools");
        if (LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException("MariaDB's dump tools are missing: install mariadb-client and mydumper.");
        }

        await using var once = await LabLock.TakeAsync("mariadb-tools", cancellationToken);
        if (!Directory.Exists(folder))
        {
            try
            {
                await DebianPackages.UnpackAsync("mariadb-client mydumper", folder, cancellationToken);
            }
            catch (InvalidOperationException failed)
            {
                throw new LabServerMissingException($"MariaDB's dump tools are missing and could not be unpacked ({failed.Message}).", failed);
            }
        }

        return (folder, string.Join(':', Directory.EnumerateFiles(folder, "*.so*", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Distinct()));
    }
}
