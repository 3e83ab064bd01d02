using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>The console host.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        SessionFactory.PrepareEnvironment();
        var terminal = new Terminal();
        try
        {
            return await RunAsync(CommandLine.Parse(args), terminal);
        }
        catch (UsageException e)
        {
            terminal.WriteError(e.Message + Environment.NewLine);
            return ExitCodes.Usage;
        }
    }

    private static async Task<int> RunAsync(CommandLine line, Terminal terminal)
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
                return await RunSessionAsync(line, terminal);
        }
    }

    private static async Task<int> RunSessionAsync(CommandLine line, Terminal terminal)
    {
        using var progress = new ProgressView(terminal, TimeProvider.System);
        using var natives = new NativeChildren(TimeProvider.System);
        using var interrupts = new InterruptHandler(TimeProvider.System, natives, code =>
        {
            terminal.SetLive(string.Empty);
            Environment.Exit(code);
        });
        var input = new ConsoleInput();
        var reader = new LineReader(terminal, input, interrupts);
        var ui = new ShellUI(terminal, reader, progress, new ShellRawUI(terminal, input, interrupts), line.NonInteractive);
        var host = new ShellHost(ui, terminal, natives, interrupts);

        // Reading the script takes about as long as a part of opening the session: both at once.
        var arguments = Task.Run(() => line.Mode == ShellMode.File
            ? ArgumentBinder.Bind(line.Arguments, ScriptParameters.Of(line.Text))
            : []);
        using var runspace = SessionFactory.Open(host);
        var runner = new PipelineRunner(runspace, ui, interrupts, progress);
        var prompt = new PromptLoop(runner, host, reader, terminal, interrupts, new TabCompleter(runspace));
        host.NestedPrompt = prompt.RunNested;
        var scripts = new ScriptRunner(runner, host, interrupts);
        return line.Mode switch
        {
            ShellMode.File => scripts.RunFile(line.Text, await arguments),
            ShellMode.Command => scripts.RunText(line.Text),
            ShellMode.StandardInput => prompt.Run(showPrompt: false),
            _ => Greet(terminal, reader, prompt),
        };
    }

    private static int Greet(Terminal terminal, LineReader reader, PromptLoop prompt)
    {
        if (reader.CanEdit)
        {
            terminal.Write(ShellText.Format(ShellText.Welcome, EngineVersion) + Environment.NewLine);
        }

        return prompt.Run(showPrompt: true);
    }

    private static Version? EngineVersion => typeof(Runspace).Assembly.GetName().Version;

    private static string Versions() => ShellText.Format(
        ShellText.Version,
        typeof(Program).Assembly.GetName().Version?.ToString(3),
        EngineVersion);
}
