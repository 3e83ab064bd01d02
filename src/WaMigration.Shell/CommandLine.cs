namespace WaMigration.Shell;

/// <summary>What the shell was asked to do, read from its own arguments.</summary>
internal sealed record CommandLine
{
    /// <summary>The form of the run.</summary>
    public required ShellMode Mode { get; init; }

    /// <summary>The script's path, or the command's text.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>What is handed on to the script, untouched.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether a prompt is an error.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Reads the arguments of the process.</summary>
    /// <exception cref="UsageException">The arguments make no sense.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var nonInteractive = false;
        for (var i = 0; i < args.Count; i++)
        {
            if (OptionName(args[i]) is not { } name)
            {
                return Script(args, i, nonInteractive);
            }

            if (Is(name, "help", 1) || name == "?")
            {
                return new CommandLine { Mode = ShellMode.Help };
            }
            else if (Is(name, "version", 1))
            {
                return new CommandLine { Mode = ShellMode.Version };
            }
            else if (Is(name, "noninteractive", 4))
            {
                nonInteractive = true;
            }
            else if (Is(name, "noprofile", 3) || Is(name, "nologo", 3))
            {
                // Taken because people have them in their fingers: this shell has neither profile nor logo.
                continue;
            }
            else if (Is(name, "file", 1))
            {
                return i + 1 < args.Count
                    ? Script(args, i + 1, nonInteractive)
                    : throw Usage(ShellText.FileNeedsPath);
            }
            else if (Is(name, "command", 1))
            {
                return Command(args, i + 1, nonInteractive);
            }
            else
            {
                throw Usage(ShellText.UnknownOption, args[i]);
            }
        }

        return new CommandLine { Mode = ShellMode.Prompt, NonInteractive = nonInteractive };
    }

    private static CommandLine Script(IReadOnlyList<string> args, int index, bool nonInteractive)
    {
        if (args[index] == "-")
        {
            return new CommandLine { Mode = ShellMode.StandardInput, NonInteractive = nonInteractive };
        }

        var path = Path.GetFullPath(args[index]);
        return File.Exists(path)
            ? new CommandLine
            {
                Mode = ShellMode.File,
                Text = path,
                Arguments = [.. args.Skip(index + 1)],
                NonInteractive = nonInteractive,
            }
            : throw Usage(ShellText.ScriptNotFound, args[index]);
    }

    private static CommandLine Command(IReadOnlyList<string> args, int index, bool nonInteractive)
    {
        if (index >= args.Count)
        {
            throw Usage(ShellText.CommandNeedsText);
        }

        if (args[index] != "-")
        {
            return new CommandLine
            {
                Mode = ShellMode.Command,
                Text = string.Join(' ', args.Skip(index)),
                NonInteractive = nonInteractive,
            };
        }

        return index + 1 == args.Count
            ? new CommandLine { Mode = ShellMode.StandardInput, NonInteractive = nonInteractive }
            : throw Usage(ShellText.NothingAfterDash);
    }

    private static string? OptionName(string arg) => arg switch
    {
        "-" or "--" or "" => null,
        ['-', '-', .. var name] => name,
        ['-', .. var name] => name,
        "/?" => "?",
        _ => null,
    };

    private static bool Is(string given, string full, int shortest) =>
        given.Length >= shortest && full.StartsWith(given, StringComparison.OrdinalIgnoreCase);

    private static UsageException Usage(string format, params object[] values) =>
        new(ShellText.Format(format, values));
}
