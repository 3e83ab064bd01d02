namespace WaMigration.Shell;

/// <summary>The forms in which the shell runs.</summary>
internal enum ShellMode
{
    /// <summary>Commands are read line by line, with a prompt where a person sits.</summary>
    Prompt,

    /// <summary>A script file with arguments.</summary>
    File,

    /// <summary>Text given as an argument.</summary>
    Command,

    /// <summary>Commands from the standard input, without a prompt.</summary>
    StandardInput,

    /// <summary>How to use the shell.</summary>
    Help,

    /// <summary>The versions of the shell and of its engine.</summary>
    Version,
}
