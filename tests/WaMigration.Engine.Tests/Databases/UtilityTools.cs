namespace WaMigration.Engine.Tests.Databases;

/// <summary>Dump tools in a folder of the test's own, to which things can happen: each calls the real one.</summary>
internal static class UtilityTools
{
    /// <summary>Puts a script before a tool; in it "$real" is the tool that it stands for.</summary>
    internal static void Stand(string folder, string name, string body)
    {
        var (file, real) = (Path.Combine(folder, name), Path.Combine(folder, name + ".real"));
        if (!File.Exists(real))
        {
            File.Move(file, real);
        }

        Script(file, $"real='{real}'\n[ \"$1\" = --version ] && exec \"$real\" \"$@\"\n{body}");
    }

    internal static void Script(string file, string body)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
