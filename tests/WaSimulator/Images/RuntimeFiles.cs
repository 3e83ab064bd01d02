using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;

namespace WaSimulator.Images;

/// <summary>
/// What the simulator needs below it, taken from this machine: the .NET runtime that runs this very process, glibc and
/// the libraries that it loads, OpenSSL.
/// </summary>
internal sealed partial class RuntimeFiles
{
    private static readonly string[] Libraries = ["libssl.so.3", "libcrypto.so.3", "libgcc_s.so.1", "libstdc++.so.6", "libresolv.so.2"];

    private RuntimeFiles(IReadOnlyList<string> runtime, IReadOnlyList<string> libraries, string root)
    {
        Runtime = runtime;
        NativeLibraries = libraries;
        DotnetRoot = root;
    }

    /// <summary>The folder of dotnet.</summary>
    public string DotnetRoot { get; }

    /// <summary>Files below <see cref="DotnetRoot"/>.</summary>
    public IReadOnlyList<string> Runtime { get; }

    /// <summary>Shared libraries by the path under which the loader finds them.</summary>
    public IReadOnlyList<string> NativeLibraries { get; }

    /// <summary>Changes when any of the files does.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder();
            foreach (var file in Runtime.Concat(NativeLibraries))
            {
                var info = new FileInfo(file);
                text.Append(file).Append(' ').Append((info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info).Length)
                    .Append(' ').Append(info.LastWriteTimeUtc.Ticks).Append('\n');
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        }
    }

    public static RuntimeFiles Find()
    {
        var core = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        var web = Path.GetDirectoryName(typeof(WebApplication).Assembly.Location)!;
        var root = Path.GetFullPath(Path.Combine(core, "../../.."));
        var version = Path.GetFileName(core);
        var muxer = Path.Combine(root, "dotnet");
        var files = new[] { core, web, Path.Combine(root, "host/fxr", version) }
            .SelectMany(Directory.EnumerateFiles)
            .Where(file => !IsForDebuggers(Path.GetFileName(file)))
            .Prepend(muxer)
            .Order(StringComparer.Ordinal)
            .ToList();
        var native = files.Where(file => file.EndsWith(".so", StringComparison.Ordinal)).Prepend(muxer)
            .Concat(Libraries.Select(FindLibrary));
        return new RuntimeFiles(files, Closure(native, root), root);
    }

    private static bool IsForDebuggers(string name) =>
        name is "libmscordaccore.so" or "libmscordbi.so" or "createdump" or "libcoreclrtraceptprovider.so";

    private static string FindLibrary(string name)
    {
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        string[] folders = [$"/lib/{machine}-linux-gnu", $"/usr/lib/{machine}-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib"];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new SimulatorImageException($"{name} is not on this machine, and the images need it.");
    }

    /// <summary>The loader, and every library that these files name, with those that they name.</summary>
    private static List<string> Closure(IEnumerable<string> files, string root)
    {
        var start = new ProcessStartInfo("ldd") { RedirectStandardOutput = true, RedirectStandardError = true };
        var asked = files.ToList();
        asked.ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start) ?? throw new SimulatorImageException("ldd did not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return
        [
            .. LoadedLibrary().Matches(output).Select(match => match.Groups["path"].Value)
                .Concat(asked)
                .Where(path => !path.StartsWith(root, StringComparison.Ordinal))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^\s+(\S+ => )?(?<path>/\S+) \(0x", RegexOptions.Multiline)]
    private static partial Regex LoadedLibrary();
}
