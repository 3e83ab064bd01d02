using System.Runtime.InteropServices;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Text;

namespace WaMigration.Security;

/// <summary>
/// Files and folders for their owner alone (mode 0600/0700; on Windows an access list with one entry and no
/// inheritance), and the replacement of a file that is either wholly the old or wholly the new one, also after a
/// power cut.
/// </summary>
internal static class PrivateFiles
{
    private const int BufferSize = 4096;

    /// <summary>What a replacement is called until it is whole.</summary>
    internal const string TemporarySuffix = ".new";

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Creates a folder for its owner alone; one that is there already stays as it is.</summary>
    internal static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } parent)
        {
            Directory.CreateDirectory(parent);
        }

#if NET
        if (OperatingSystem.IsWindows())
        {
            FolderSecurity().CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
#else
        Directory.CreateDirectory(path, FolderSecurity());
#endif
    }

    /// <summary>Opens a file; where that creates it, it is its owner's alone from the first moment on.</summary>
    internal static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var creates = mode != FileMode.Open && mode != FileMode.Truncate && !File.Exists(path);
#if NET
        if (creates && OperatingSystem.IsWindows())
        {
            return new FileInfo(path).Create(mode, RightsFor(access), share, BufferSize, FileOptions.None, Security());
        }

        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = BufferSize };
        if (creates)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
#else
        return creates
            ? new FileStream(path, mode, RightsFor(access), share, BufferSize, FileOptions.None, Security())
            : new FileStream(path, mode, access, share, BufferSize);
#endif
    }

    /// <summary>
    /// Writes a file or replaces it: temporary file beside it, synced, renamed over it, folder synced. A cut at any
    /// moment leaves the old content or the new one.
    /// </summary>
    internal static void Replace(string path, byte[] content)
    {
        var temporary = path + TemporarySuffix;
        File.Delete(temporary);
        using (var stream = Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            stream.Write(content, 0, content.Length);
            stream.Flush(flushToDisk: true);
        }

        MoveOver(temporary, path);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Reads a file that another process may be replacing.</summary>
    internal static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    internal static void MoveOver(string temporary, string path)
    {
        if (IsWindows && File.Exists(path))
        {
            // Unlike a move, this works while a reader that shares deletion has the old file open.
            File.Replace(temporary, path, null);
            return;
        }

#if NET
        File.Move(temporary, path, overwrite: true);
#else
        File.Move(temporary, path);
#endif
    }

    /// <summary>A rename is on disk only once its folder is; NTFS journals it by itself.</summary>
    private static void SyncFolder(string folder)
    {
#if NET
        if (IsWindows)
        {
            return;
        }

        var handle = NativeMethods.Open(Encoding.UTF8.GetBytes(folder + '\0'), NativeMethods.ReadOnly);
        if (handle < 0)
        {
            return;
        }

        // Some file systems cannot sync a folder; there is nothing that could be done about it.
        _ = NativeMethods.Sync(handle);
        _ = NativeMethods.Close(handle);
#endif
    }

#if NET
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
#endif
    private static FileSecurity Security()
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new FileSystemAccessRule(Owner(), FileSystemRights.FullControl, AccessControlType.Allow));
        return security;
    }

#if NET
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
#endif
    private static DirectorySecurity FolderSecurity()
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new FileSystemAccessRule(
            Owner(),
            FileSystemRights.FullControl,
            InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit,
            PropagationFlags.None,
            AccessControlType.Allow));
        return security;
    }

#if NET
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
#endif
    private static SecurityIdentifier Owner()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return identity.User ?? throw new InvalidOperationException("The Windows account of this process has no identifier.");
    }

#if NET
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
#endif
    private static FileSystemRights RightsFor(FileAccess access) => access switch
    {
        FileAccess.Read => FileSystemRights.Read,
        FileAccess.Write => FileSystemRights.Write,
        _ => FileSystemRights.Read | FileSystemRights.Write,
    };

#if NET
    private static class NativeMethods
    {
        internal const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static extern int Sync(int handle);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static extern int Close(int handle);
    }
#endif
}
