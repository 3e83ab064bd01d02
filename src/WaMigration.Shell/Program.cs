using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>The console host.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        SessionFactory.PrepareEnvironment();
        var terminal = new Terminal();
        try
        {
            return Run(CommandLine.Parse(args), terminal);
        }
        catch (UsageException e)
        {
            terminal.WriteError(e.Message + Environment.NewLine);
            return ExitCodes.Usage;
        }
    }

    private static int Run(CommandLine line, Terminal terminal)
    {
        switch (line.Mode)
        {
            case ShellMode.Help:
                terminal.Write(ShellText.Help + Environment.NewLine);
                return ExitCodes.Success;
            case ShellMode.Version:
                terminal.Write(Versions() + Environment.NewLine);
                return ExitCodes.Success;
            default:
                return RunSession(line, terminal);
        }
    }

    private static int RunSession(CommandLine line, Terminal terminal)
    {
        using var progress = new ProgressView(terminal);
        using var interrupts = new InterruptHandler(TimeProvider.System, code =>
        {
            terminal.SetLive(string.Empty);
            Environment.Exit(code);
        });
        var input = new ConsoleInput();
        var reader = new LineReader(terminal, input, interrupts);
        var ui = new ShellUI(terminal, reader, progress, new ShellRawUI(terminal, input, interrupts), line.NonInteractive);
        var host = new ShellHost(ui, terminal);
        using var runspace = SessionFactory.Open(host);
        var runner = new PipelineRunner(runspace, interrupts, progress);
        var scripts = new ScriptRunner(runner, host, interrupts);
        return line.Mode switch
        {
            ShellMode.File => scripts.RunFile(line.Text, line.Arguments),
            ShellMode.Command => scripts.RunText(line.Text),
            _ => throw new UsageException(ShellText.Help),
        };
    }

    private static string Versions() => ShellText.Format(
        ShellText.Version,
        typeof(Program).Assembly.GetName().Version?.ToString(3),
        typeof(Runspace).Assembly.GetName().Version);
}
